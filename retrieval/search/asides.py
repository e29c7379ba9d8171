"""What people say around a subject: *stuff about*, 相关的都推给我. Pure.

None of it is a word that an article could lack.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from retrieval.search.phrases import folded

__all__ = ["ASPECT", "SAYS_LITTLE", "subject_of"]

#: What of a subject a topic may ask for: an article about that need not say it.
ASPECT = re.compile(
    "性能|性能优化|性能分析|性能调优|优化|可靠性|效率|成本|省钱|降本|架构|结构|加速|提速|太慢|变慢|很慢"
    "|为什么慢|部署|服务器|集群|实现|工程|应用|开发|系统|模型|算法|框架|工具|排查|排障|数据"
    "|performance|optimi[sz]ation|tuning|reliability|efficiency|scalability"
    "|troubleshooting"
    "|architectures?|costs?|speed|slow|deployment|engineering|papers?|research|bugs?|论文|解读|servers?"
    "|clusters?|applications?"
    "|(?:system|model|algorithm|framework|tool)s?|data"
)
#: What topics say of no subject, and articles need not say.
SAYS_LITTLE = re.compile(
    "技术|问题|原理|方法|结构|入门|实践|教程|指南|基础|优化|设计|机制|策略|陷阱|踩坑|的坑|经验|总结"
    "|对比|选型|进阶|技巧|服务|管理|场景|流程|方案|系统|模型|海量|大规模|为什么|为何|太大|太慢|太小|太高|太长|变慢|变大|变成|变|被|慢|跑|找|用|丢|支持|能力"
    "|情况|时候|之后|以后|之前|之间|起来|出来|下来|上去|下去|不了|不掉|不动|不上|得|着|了|过|把|给|让|对|从|到|在|是|有|会|能|要|想|很|更|最|都|也|还"
    "|又|再|就|才|只|多|少|大|小|高|低|快|好|坏|新|旧|我们|我|你|他|它|大家|别人|自己|个|些|种|类|条|次|台|张|单|几|两|一|二|三|这|那|哪|什么|谁"
    "|吗|呢|吧|啊|存|查|建|设|防|洗|训|评|调|选|挑|切|崩了|崩|挂了|挂|坏了|停|停不掉|出错|报错|失败|提升|提高|降低|减少|增加|加快|改进|改善|保证|避免"
    "|防止|搞定|搞|做|写|看|学|讲|聊|谈|太多"
    "|不够|处理|解决|分析|研究|学习|开发|应用|使用|落地|实现|变体|理论|知识|项目|大厂"
    "|生产|线上|上线|圈|一些|推荐|常见|各种|现代|调优|调参|怎么办|怎样|怎么|如何|关于|有关|相关|里的|中的|的"
    r"|\b(?:based|basics|introduction|overview|internals|techniques?|methods?|approach(?:es)?"
    r"|strateg(?:y|ies)|tips|tricks|guide|tutorials?|explained|understanding|models?|systems?"
    r"|algorithms?|workflows?|services?|designs?|keeping|optimi[sz]ation|tuning|problems?|issues?"
    r"|pitfalls?|mistakes|gotchas|lessons|practices?|trade-?offs?|best|better|faster|smaller|less"
    r"|modern|advanced|common|large-scale|web-scale|at scale|real-world|improving|reducing|speeding"
    r"|avoiding|choosing|comparing|handling|how|what|why|when|about|us(?:e|es|ed|ing|age)|are|is"
    r"|the|your|across|inside|between|versus|vs|end-to-end|to|that|in|of|for|with|on|under"
    r"|after|before|during|because|while|until|once|again|also|only|even|still|already|always"
    r"|never|often|sometimes|now|then|here|there"
    r"|i'm|won|isn|doesn|t|s|d|got|get|gets|give|gives|gave|take|takes|took|taking|make|made|go"
    r"|goes|going|gone|come|comes|coming|put|puts|let|lets"
    r"|keep|keeps|kept|need|needs|want|wants|try|trying|tries|help|helps|happen|happens"
    r"|happening|being|been|was|were|has|have|had|having|did|done|would|could|may|might|must|will"
    r"|one|two|three|several|few|both|each|other|others|another|same|such|own|whole|different"
    r"|single|multiple|first|last|next|more|most|much|many|lot|lots|bit"
    r"|big|bigger|biggest|larger|little|long|short|high|low|higher|lower|hard|easy|easily|simple"
    r"|complex|slow|slower|slowly|fast|quick|quickly|cheap|cheaper|expensive|efficient|efficiently"
    r"|old|bad|worse|wrong|broken|break|breaks|broke|fail|fails|failed|fix|fixing|fixes|fixed"
    r"|blow|blows|blowing|up|down|out|off|over|into|through|between|around|back|away|together"
    r"|against"
    r"|know|knows|knowing|learn|learning|understand|explain|see|look|looking|find|finding|show"
    r"|think|thinking|say|says|tell|ask|read|reading|follow"
    r"|start|started|starting|stop|stops|stopping|run|runs|turn|change|changes|changing|move"
    r"|moving|add|adding|grow|growing|cut|cutting|reduce|reduces|save|saves|scal(?:e|es|ing)|speed"
    r"|people|everyone|someone|thing|way|ways|part|parts|place|kind|type|types|case|cases"
    r"|example|examples|story|point|step|steps|level|number|numbers|size|time|times|day|days"
    r"|year|years|today"
    r"|behind|across|internals?|inner|workings|work|works|implementation|implementations"
    r"|implementing|implement|details?|matters?|good|well|really|actually|properly|safe|nice|simple"
    r"|wild|life|everyday|daily|weekly|community|industry|company|companies|team|teams|project"
    r"|product|users?|customers?|requests?|results?|options?|features?|support|solutions?"
    r"|without|alternatives?|comparisons?|comparing|versus|than|suddenly|random|robust|trusting"
    r"|properties|end|stuff|things?|kinds?|many|more|some|all|every(?:thing)?|any(?:thing)?|new"
    r"|latest"
    r"|recent|news|variants?|projects?|prep"
    r"|mak(?:e|es|ing)|writ(?:e|ing)|build(?:ing)?|runn?(?:ing)?|dealing|work(?:s|ing)?|doing"
    r"|getting|sav(?:e|ing)|safely|properly|correctly|right"
    r"|theory|concepts?|fundamentals|essentials|patterns?|ideas|tools?|applications?|development"
    r"|developers?|engineering|technolog(?:y|ies)|tech|general"
    r"|production|prod|end|deep|dives?|real|world|good|great|big|large|huge|tiny|small|fast|i|m|ll"
    r"|re|ve|it|its|my|our|you|we|they|do|does|don|can|should|be|by|from|as|at|an|a|if|not|no|so"
    r"|too|very|just"
    r"|papers?|articles?|posts?|blogs?|stories|story|war|tales|weird|strange|interesting|cool"
    r"|useful|practical|scale|scaling|beginners?|mostly|interested)\b"
)

#: The kinds of texts that people ask for, and what else they call them.
_TEXTS = (
    "(?:(?:blog |tech |technical )?(?:articles?|posts?|blogs?|write-?ups?|pieces|essays|papers?"
    "|stuff|things?|content|contents|material|materials|info|information|news|updates?"
    "|announcements?|developments?|progress|trends|topics?|discussions?|readings?|resources"
    "|links|notes|stories|war stories|deep-? ?dives?|explainers?|tutorials?|research|insights"
    "|knowledge|ideas|thoughts|questions|matters|details|findings|goodies|gems|know-how))"
)
_ABOUT = (
    "(?:about|on|of|in|from|for|around|regarding|concerning|covering|involving|like|re|with"
    "|related to|relating to|relevant to|dealing with|pertaining to|to do with|having to do with"
    "|that (?:has|have) to do with|connected to|to|within|touching(?: on)?)"
)
_ALL = (
    "(?:(?:anything|everything|something|all|any|every|whatever|some|more|most|lots of|new|newest"
    "|latest|recent|fresh|hot|cool|good|great|interesting|useful|practical|nice|best|top|random"
    "|other|various|different|general|the|a|an|that(?:'s| is)|which is|kinds? of|sorts? of) ?)"
)
_WISH = (
    "(?:(?:please|pls|plz|hi|hello|hey|um|so|ok|just|only|mostly|mainly|really|also|maybe|i guess"
    "|basically|especially|particularly)"
    "|(?:send|tell|notify|ping|alert|show|give|push|feed|bring|find|message|inform"
    "|update) me(?: (?:of"
    "|about|on|when|whenever|if))?(?: there(?:'s| is| are))?"
    "|keep me (?:posted|updated|informed|in the loop|up to date)(?: (?:on|about|with))?"
    "|let me know(?: (?:about|of|when|if))?"
    "|i(?:'m| am)? ?(?:(?:really|also|very|quite|mostly|mainly|currently|just|super|a bit"
    "|always) )*"
    "(?:(?:want|wanna|would like|'d like|would love|'d love|like|love|need|hope|wish|prefer|enjoy"
    "|hate missing)(?: to)?(?: (?:hear|know|read|learn|see|follow|get|understand|be told"
    "|be notified"
    "|receive|stay up to date))?(?: more)?"
    "|interested|into|curious|keen|learning|studying|following|working|looking|dealing|struggling"
    "|reading|care|follow|work|read|study|do|a fan|obsessed|fascinated|getting started)"
    "(?: (?:about|on|of|in|into|for|with|by|at|around|up on))?"
    "|my (?:interests?|job|work|hobby|field|focus)(?: (?:is|are|in))?"
    "|subscribe(?: me)?(?: to)?|follow|interested in|looking for|curious about|learning(?: about)?"
    "|learn about|learn|read about|keep up with|catch up on|tell us about|talk about"
    "|what(?:'s| is) (?:new|happening|going on|up|hot|the latest)(?: (?:in|with|on))?"
    "|the latest(?: (?:in|on|from|about))?|state of the art(?: (?:in|of))?|advances in"
    "|recent advances in"
    "|(?:introduction|intro|guide|guides|primer) to|the (?:world|field|area|art|basics|state) of"
    "|topics? (?:like|such as)|things like|such as|stuff like|mainly about|how do(?:es)? (?:i"
    "|you|we|one|people)"
    "|how can (?:i|you|we|one)|how should (?:i|you|we|one)|how to|ways to|what to do (?:about"
    "|when|with)"
    "|why do(?:es)?|what can go wrong (?:with|in)|what (?:is|are)|best ways? to|when to)"
)
_BEFORE = re.compile(
    rf"(?:{_WISH}|{_ALL}*{_TEXTS} {_ABOUT}|(?:anything|everything|all|something"
    rf"|whatever)(?: {_ABOUT}| that's| that is)?|any|new|latest|recent)[,:]?(?= |$) ?"
)
_BEHIND = re.compile(
    rf"[ ,.!?~-]*(?:\b(?:{_TEXTS}"
    "|please|pls|plz|thanks|thank you|thx|etc\\.?|in general|generally|in practice|in depth"
    "|in particular|in production|in prod|in the wild|in real life|in the real world|in detail"
    "|at work|at home|at scale|as well|too|especially|overall|for beginners|for dummies|for fun"
    "|and (?:so on|so forth|the like|such|similar|more|others|stuff|things|friends|whatnot|related"
    "|beyond|all that|all of that|related (?:stuff|topics|things|fields|areas|tech(?:nologies)?)"
    "|everything (?:around|about|related to) it|(?:that|this|those|these) (?:kinds?"
    "|sorts?) of (?:thing|things|stuff)"
    "|(?:stuff|things) like that|similar (?:stuff|topics|things))"
    "|or (?:so|similar|anything|something|anything like that|something like that|whatever|the like)"
    "|(?:that|this|those|these) (?:kinds?|sorts?) of (?:things?|stuff|topics?)|(?:kinda|sort of"
    "|kind of) (?:thing|things|stuff)"
    "|type (?:things?|stuff|content)|-?related(?: (?:stuff|things|topics))?|world|land|scene|space"
    "|basics|fundamentals|101|know-how|explained|in a nutshell|from scratch|under the hood"
    "|war stories|horror stories|lessons learned|lessons|case studies|best practices|good practices"
    "|(?:i|you|we) (?:should|can|could) (?:know|read|use))"
    "(?!\\w))[ ,.!?~]*$"
)
_KIND = (
    "(?:文章|内容|东西|博客|博文|帖子|资料|干货|知识|知识点|话题|主题|教程|笔记|分享|资讯|新闻|消息|动态|进展|趋势|发展"
    "|论文|解读|讨论|问题|信息|更新|研究|新技术|技术文章|好文|案例|经验|心得|动向|热点|前沿|最新进展|最新动态|科普|介绍|总结"
    "|玩意儿?|事情?|事儿|事项|故事|一切|技术|心得体会|经验分享|经验总结|深度好文)"
)
_WISH_CHINESE = (
    "(?:(?:请|麻烦|帮|帮我|我|我们|咱|咱们|本人|个人|就|也|只|比较|特别|非常|很|主要|平时|一直|最近|目前|现在|正在|在|还)*"
    "(?:(?:(?:想要?|要|希望|喜欢|爱|打算|准备|需要|正在|在|能|可以)"
    "(?:多|再|系统地?|深入|随便|经常|及时|第一时间)?"
    "(?:看看?|了解|知道|学习?|听听?|读|收到|看到|研究|掌握|搞懂|弄懂|搞|聊聊?|关注|订阅|跟进|追踪|接收|获取|做|有)"
    "|看看|了解|关心|关注|订阅|追踪|跟进|跟踪|留意|感兴趣的是|推送|推送给我|推给我|推荐给我|通知我|告诉我|给我推送?|给我发|给我来点"
    "|来点|来些|求|求推荐|求推送)(?:一下|一些|点儿?|些)?))"
)
_BEFORE_CHINESE = re.compile(
    f"(?:{_WISH_CHINESE}|关于|有关|涉及|围绕|凡是|所有|一切|任何|各种|各类|全部|一些|有没有|只要是?|但凡|只要跟|跟|对于|什么是|为什么|为啥"
    "|最近的?|最新的?|近期的?|新的|好的|靠谱的|有趣的|有意思的|实用的|硬核的?|深入的|浅谈|漫谈|详解|深入(?:理解|浅出)?|聊聊|谈谈|说说"
    "|怎样才能|怎么才能|怎么样|怎样|怎么|如何|我的?(?:兴趣|工作|方向|专业)(?:是|在)?|我(?:是|做|搞|在做|在搞|学))"
)
_KEEN = re.compile(
    "(?:我|我们|本人)?(?:对|跟|和)(.+?)(?:很|比较|非常|特别|挺|都|蛮|最)?(?:感兴趣|有兴趣|有关|相关|有关系|沾边)(?:的.*)?"
)
_BEHIND_CHINESE = re.compile(
    "[ ,.!?~、。,!?…]*(?:"
    f"(?:相关|有关|方面|领域|方向|范畴|这方面|那方面|这块|那块|这一块|那一块|板块|这类|那类|这种|那种|这些|那些|这|那|一类|之类|等等?|等相关|什么|啥|周边"
    f"|类)?的?(?:最新的?|新的?|好的?|各种|所有|一切|任何)?{_KIND}"
    "|(?:相关|有关|方面|领域|方向|范畴|这方面|那方面|这块儿?|那块儿?|这一块|那一块|板块|这类|那类|这种|那种|这些|那些|一类|之类|等等?|诸如此类|云云|什么的"
    "|啥的|周边|那点事儿?|那些事儿?|那点儿?事儿?|二三事|那一套|全家桶|那档子事)的?"
    "|(?:我)?(?:都|全|全都|统统|通通)?(?:请|麻烦)?(?:推|发|推送|通知|告诉|提醒)(?:给|送)?(?:我|一下|过来)(?:吧|哈|呀|啊)?"
    "|(?:我)?(?:都|全|全都|统统|通通)推送?(?:吧|哈|呀|啊)?|推荐一下|求推荐|求推送"
    "|(?:我)?(?:都|全|全都|统统|通通)(?:行|可以|要|想看|看|想要|喜欢|感兴趣|好|ok|算|成|想了解|想知道|想学|关注|有兴趣|订阅?)(?:吧|哈|的|呀|啊)?"
    "|均可|皆可|就行|就好|即可|也行|也可以|也要|优先|为主|感兴趣|有兴趣|好吗|谢谢|多谢"
    "|(?:都|应该|该|要|会|到底)?(?:怎么|怎样|如何|咋)(?:办|做|搞|弄|处理|解决|写|选|用|实现|设计|优化|学|玩|看|理解|落地|排查|避免|应对|破|整|样"
    "|回事|调|定位|入门|挑|防|选型)?(?:才好|比较好|更好|好)?"
    "|怎么办才好|为什么|是什么|是啥|有哪些|有啥|的?区别|的?坑|的?那些坑|踩坑(?:记|记录|指南|经验)?|避坑(?:指南)?|采坑|填坑"
    "|的?(?:入门|进阶|基础|基础知识|实战|实践|最佳实践|指南|详解|揭秘|干货|盘点|综述|速成|原理|精讲|速查|从入门到精通|从零开始|玩法|门道|诀窍|窍门|办法|方法"
    "|套路|技巧|姿势|经验|心得|学习笔记|学习|八股文?)"
    "|吧|呢|吗|呀|啊|哦|哈|啦|嘛|的"
    ")[ ,.!?~、。…]*$"
)
#: Between what it is about and what is done to it (数据库怎么调优).
_HOW = re.compile(
    "(?<=.)(?:应该|该|要|到底)?(?:怎么样?|怎样|如何)(?=.)(?!办|做|搞|弄|样|才|破|选|调|用|写|学|玩|挑|看|处理|解决)"
)
_EDGE = " ,.;:!?~、。,;:!?…\"'()[]"
#: Words, or Chinese characters, of a name on either side of where it would be taken apart.
_AROUND = 5
_WORD = re.compile(r"[^\W\u3400-\u9fff]+|[\u3400-\u9fff]")
_AT_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
#: How often something is taken off either end; nobody says more.
_MOST = 8


def subject_of(topic: str, known: Callable[[str], bool]) -> str:
    """A topic, folded, without what is said around its subject.

    No name that is `known` is taken apart. Where nothing else is said (*news*, 新闻), that is the
    subject.
    """
    text = folded(topic)
    if not known(text):
        text = _HOW.sub("", text)
    for _ in range(_MOST):
        if known(text):
            break
        text = text.strip(_EDGE)
        shorter = _shorter(text, known)
        if shorter == text:
            break
        text = shorter
    return text


def _shorter(text: str, known: Callable[[str], bool]) -> str:
    """Without one thing before, else one behind; something is left."""
    if (found := _KEEN.fullmatch(text)) and not _cuts(text, found.start(1), known):
        return found[1].strip(_EDGE) or text
    for pattern in (_BEFORE, _BEFORE_CHINESE):
        found = pattern.match(text)
        rest = text[found.end() :].strip(_EDGE) if found else ""
        if found and rest and not _cuts(text, found.end(), known):
            return rest
    for pattern in (_BEHIND, _BEHIND_CHINESE):
        found = pattern.search(text)
        while found:  # bounded: each begins behind the one before
            rest = text[: found.start()].strip(_EDGE)
            if rest and not _cuts(text, found.start(), known):
                return rest
            found = pattern.search(text, found.start() + 1)
    return text


def _cuts(text: str, at: int, known: Callable[[str], bool]) -> bool:
    """Whether some name stands on both sides of a place in a text."""
    before, after = _WORD.findall(text[:at])[-_AROUND:], _WORD.findall(text[at:])[:_AROUND]
    return any(
        known(_AT_CHINESE.sub("", " ".join(before[start:] + after[:end])))
        for start in range(len(before))
        for end in range(1, len(after) + 1)
    )
