# 用户看到的中文文案：简短、友善、有用。

welcome =
    你好！我熟悉一批文章，会从中找出答案，并附上原文摘录和链接。

    • 直接把问题发给我就行，中文英文都可以。
    • /latest、/tags、/random 可以随便逛逛。
    • /subscribe 订阅新文章。
    • /help 查看更多用法。

welcome-examples = 比如，点一个试试：

link-forgotten = 我已经不记得这个链接对应的问题了，请直接把问题发给我。

help =
    我能做这些事：

    • 直接发问题给我，我会找出最能回答它的段落。
    • /ask 加问题，效果一样。在群里可以这样问，也可以 @ 我，或者回复我发的消息。
    • /latest 查看最新文章，/latest { $most } 最多看 { $most } 篇，/latest #LLM 只看带这个标签的。
    • /tags 列出全部标签，/random 随便看一篇，/article 加链接查看那一篇。
    • 提问时可以缩小范围：标签:LLM、来源:博客、之后:2026-03、之前:2027、"必须连在一起出现的词"、-不要出现的词。只写筛选条件，就看符合条件的最新文章。

    有新文章时，我也可以告诉你：

    • /subscribe —— 所有新文章
    • /subscribe #LLM —— 带某个标签的
    • /subscribe "KV cache" -vLLM —— 有这些词、没有那个词的
    • /subscribe 关于 训练时怎么省显存 —— 用你自己的话描述一个主题
    • /subscriptions 查看订阅，/unsubscribe 退订。
    • /settings 设置马上推送、每天或每周汇总，还有免打扰时段、时区和提示音。
    • /language 选择我使用的语言。
    • 群里由管理员设置；想推送到自己的频道，请先把我设为频道管理员，再给我发 /subscribe @频道名。

    /privacy 说明我保存了什么，/forget 把它们全部删除。

    我展示的内容都是文章原文。找不到的时候，我会如实告诉你。

ask-usage =
    想知道什么呢？把问题写在命令后面，例如：

    /ask 梯度检查点是怎么节省显存的？

nothing-found =
    我在这些文章里没有找到相关内容。

    换个说法也许有用，也可以用 /latest 看看最近的文章。

nearest-heading = 内容最接近的文章如下，但没有回答这个问题：

further-passages = 这篇文章里还有：

filtered-heading = { $count ->
    [1] 符合条件的最新一篇文章
   *[other] 符合条件的最新 { $count } 篇文章
}

latest-heading = { $count ->
    [1] 最新的一篇文章
   *[other] 最新的 { $count } 篇文章
}

latest-usage =
    想看几篇、哪一类呢？一次最多 { $most } 篇，例如：

    /latest { $example }
    /latest #LLM
    /latest 来源:博客 10

archive-empty = 这里还没有文章，请稍后再来。

unknown-command = 我不认识这个命令。用 /help 看看我能做什么，或者直接把问题发给我。

words-only = 我只能读文字，请把问题用文字发给我。

still-preparing = 我还在准备文章索引，请过几分钟再问。

still-preparing-progress = 我还在准备文章索引（已完成 { $percent } %），请过几分钟再问。

part-down = 我的一部分暂时不可用，现在无法回答。详情见管理员的日志，请稍后再试。

went-wrong = 抱歉，我这边出了点问题。详情见管理员的日志，请再试一次。

source-fails =
    来源“{ $source }”从 { $since } 起一直读不到：

    { $reason }

    已收录的文章不受影响，我会继续尝试，恢复后再告诉你。

source-recovered = 来源“{ $source }”恢复正常了。

menu-ask = 向文章库提问
menu-latest = 查看最新文章
menu-tags = 按标签找文章
menu-random = 随便看一篇
menu-help = 使用说明
menu-subscribe = 订阅新文章
menu-subscriptions = 查看我的订阅
menu-unsubscribe = 退订
menu-settings = 推送设置
menu-language = 选择语言
menu-privacy = 我保存了关于你的什么
menu-admin = 管理机器人

# 订阅

subscribed = 订阅好了：{ $wish }。

subscribed-channel = 已为 { $channel } 订阅：{ $wish }。

subscribed-when = 以前的文章不会再发。有新文章时，我会{ $rhythm }。可以用 /settings{ $where } 调整，用 /subscriptions{ $where } 查看全部订阅。

subscribed-paused = 目前暂停了推送，可以用 /settings{ $where } 恢复。

already-subscribed = 你已经订阅过了：{ $wish }。用 /subscriptions{ $where } 查看全部订阅。

would-have-matched = 最近的文章里，有 { $count } 篇符合：

would-have-matched-many = 最近的文章里，有 { $count } 篇符合，最新的几篇是：

would-have-matched-none = 最近的文章里没有符合的，以后有了我会告诉你。

would-have-matched-unknown = 我还在准备文章索引，暂时看不出最近哪些文章符合。订阅已经生效，不受影响。

strictness-changed = 改好了，现在订阅的是：{ $wish }。

too-many-subscriptions = 这里的订阅不能超过 { $most } 个，请先用 /subscriptions 删掉一个。

wish-too-long = 这太长了，请控制在 { $most } 个字以内。

wish-too-many = 一次说得太多了，标签和词加起来请不要超过 { $most } 个。

wish-only-not = 你只说了不想要什么。请再加上想要的标签、词或主题。

wish-no-subject = 关于什么呢？例如：/subscribe 关于 训练时怎么省显存

wish-no-source = 目前不能只订阅某一个来源，可以用标签、词或主题来订阅，写法见 /help。

wish-no-dates = 订阅只管以后的新文章，日期不起作用，请去掉日期。

wish-not-tag = 我可以排除某个词，但不能排除标签。请写上想要的标签，或者要排除的词，例如 -vLLM

wish-channel-first = 请把频道写在最前面，用 @ 加频道的用户名：/subscribe @channel #LLM。如果要找的词本身带有 @，请给它加上引号。

wish-never = 这样什么都不会符合：“{ $word }”既要出现又不能出现，请去掉其中一个。

wish-nothing-said = 我只看到了符号。请写一个标签、一个词或一个主题，写法见 /help。

subscriptions-heading = { $count } 个订阅

subscriptions-heading-channel = { $channel } 的 { $count } 个订阅

subscriptions-remove = 点一下就能删除。

subscriptions-page = 第 { $page } 页，共 { $pages } 页

no-subscriptions = 这里还没有订阅。发送 /subscribe 就能收到所有新文章；想挑着看，请看 /help。

no-subscriptions-channel = { $channel } 还没有订阅。发送 /subscribe{ $where } 就能在那里推送所有新文章；想挑着推送，请看 /help。

unsubscribed = 已退订：{ $wish }。

unsubscribed-all = { $count ->
    [1] 已退订，以后不会再推送新文章了。
   *[other] 已退订全部 { $count } 个订阅，以后不会再推送新文章了。
}

unsubscribed-channel = 已为 { $channel } 退订：{ $wish }。

unsubscribed-all-channel = { $count ->
    [1] 已为 { $channel } 退订，以后不会再在那里推送新文章了。
   *[other] 已退订 { $channel } 的全部 { $count } 个订阅，以后不会再在那里推送新文章了。
}

unsubscribe-which = 要退订哪一个？/unsubscribe all 会全部退订。

unsubscribe-unknown = 这里没有这个订阅：{ $wish }。

nothing-to-unsubscribe = 你在这里没有订阅，不需要退订。

subscription-gone = 这个订阅已经退订了。

wish-everything = 所有新文章

wish-but-not = { $wish }，但不含 { $words }

wish-about = 关于“{ $topic }”

wish-strictness-loosest = { $wish }（宽松得多）
wish-strictness-loose = { $wish }（宽松一些）
wish-strictness-strict = { $wish }（严格一些）
wish-strictness-strictest = { $wish }（严格得多）

wish-quoted = “{ $words }”

words-and = { $words }和{ $last }
words-or = { $words } 或 { $last }
words-comma = { $words }、{ $next }

# 权限与频道

admins-only = 只有本群管理员可以更改。

channel-unknown = 我找不到频道 { $channel }。名字写对了吗？我在那里是管理员吗？

channel-not-a-channel = { $channel } 不是频道。如果是群，请直接在群里发送这个命令。

channel-add-me = 请先把我设为 { $channel } 的管理员，并允许我发消息，然后再发一次。

channel-admins-only = 只有 { $channel } 的管理员可以这样做。

channel-private-only = 请在和我的私聊里发送这个命令。

channel-added = 我现在可以在 { $channel } 发消息了。想在那里推送新文章，请发给我：/subscribe { $channel }

channel-added-nameless = 我现在可以在“{ $title }”发消息了。想在那里推送新文章，请发给我：/subscribe { $number }

group-hello = 大家好！我熟悉一批文章，用 /ask 加问题，或者 @ 我，就能问我。管理员可以用 /subscribe 让我在这里推送新文章。

awake-again = 欢迎回来！你的 { $count } 个订阅已恢复推送。

# 设置

settings-heading = 设置
settings-heading-channel = { $channel } 的设置

settings-when = 有新文章时{ $rhythm }。
settings-when-resumed = 恢复之后：有新文章时{ $rhythm }。
settings-no-subscriptions = 这里还没有订阅：/subscribe{ $where }
settings-zone = 时区：{ $zone }，现在是 { $time }。
settings-quiet = 免打扰时段：{ $hours }，期间的文章会等到结束后再发。
settings-never-quiet = 没有设置免打扰时段。
settings-sound = 消息有提示音。
settings-silent = 消息没有提示音。
settings-preview = 显示链接预览。
settings-no-preview = 不显示链接预览。
settings-paused = 已暂停：不会推送，期间的新文章以后也不会补发。

settings-choose-rhythm = 想什么时候收到新文章？
settings-choose-hour = 想几点收到汇总？
settings-choose-weekday = 想在星期几收到汇总？
settings-choose-quiet = 什么时候不要打扰你？其他时段可以这样写：/settings{ $where } 免打扰 22:30-07:00
settings-choose-zone = 你在哪里？其他地方可以这样写：/settings{ $where } 时区 成都

settings-usage =
    /settings 会显示全部设置和按钮。也可以直接输入：

    /settings 时区 上海
    /settings 免打扰 22:30-07:00
    /settings 免打扰 关
    /settings 每天 9
    /settings 每周 周五 18
    /settings 立即
    /settings 静音 开
    /settings 预览 关
    /settings 暂停
    /settings 恢复

setting-saved = 已保存。
setting-paused = 已暂停，恢复之前不会推送，还没发出的也不再发送。
setting-resumed = 已恢复推送，暂停期间的文章不会补发。

zone-unknown = 我不认识“{ $words }”这个地方。可以试试大城市的名字，或者 UTC+8 这样的写法。
zone-several = 你指的是哪一个？

hours-not-understood = 我看不懂这个时段。例如：/settings 免打扰 22:30-07:00，或者 /settings 免打扰 关

hour-not-understood = 我没看懂这个钟点。请用 0 到 23 的整点，例如：/settings 每天 9

rhythm-at-once = 马上发送
rhythm-daily = 每天 { $time } 汇总发送
rhythm-weekly = 每{ $day } { $time } 汇总发送

day-monday = 周一
day-tuesday = 周二
day-wednesday = 周三
day-thursday = 周四
day-friday = 周五
day-saturday = 周六
day-sunday = 周日

city-utc = UTC
city-shanghai = 北京 / 上海
city-hong-kong = 香港
city-taipei = 台北
city-singapore = 新加坡
city-tokyo = 东京
city-seoul = 首尔
city-kolkata = 加尔各答
city-dubai = 迪拜
city-moscow = 莫斯科
city-berlin = 柏林
city-london = 伦敦
city-sao-paulo = 圣保罗
city-new-york = 纽约
city-chicago = 芝加哥
city-denver = 丹佛
city-los-angeles = 洛杉矶
city-sydney = 悉尼

# 推送

notice-again = 这条你可能已经收到过：上次发送后，Telegram 没有告诉我是否送达。

listing-burst = { $count } 篇新文章

listing-digest = 新文章汇总：{ $count } 篇

listing-backlog = 这段时间的 { $count } 篇新文章

listing-others = 其他

listing-more = …… 还有 { $count } 篇，请看 /latest

listing-more-channel = …… 还有 { $count } 篇

ask-about-prompt = 关于《{ $title }》，想知道什么呢？请回复这条消息。
ask-about-placeholder = 关于这篇文章的问题

more-like-this = 和《{ $title }》相似的文章
no-more-like-this = 没有找到和《{ $title }》相似的文章。

article-gone = 这篇文章已经不在文章库里了。

stopped-by-button = 已停止推送：{ $wish }。
restored = 已恢复：{ $wish }。
restored-already = 已经恢复了。
stopped-already = 这个已经停止推送了。

button-old = 这个按钮太旧了，请重新发送命令。

# 按钮

button-ask = 就这篇提问
button-like = 更多类似的
button-stop = 不再推送这类
button-undo = 恢复
button-remove = 退订
button-stricter = 更严格
button-looser = 更宽松
button-back = « 返回
button-next = 下一页 »
button-rhythm = 推送时间
button-hour = 几点
button-weekday = 星期几
button-quiet = 免打扰
button-zone = 时区
button-at-once = 有新文章就发
button-daily = 每天汇总
button-weekly = 每周汇总
button-never-quiet = 不设免打扰
button-silent = 关闭提示音
button-sound = 打开提示音
button-preview = 显示链接预览
button-no-preview = 不显示链接预览
button-pause = 暂停推送
button-resume = 恢复推送

# 浏览

latest-heading-of = { $count ->
    [1] 最新的一篇文章：{ $names }
   *[other] 最新的 { $count } 篇文章：{ $names }
}

latest-further = { $count ->
    [1] 第 { $first } 篇文章
   *[other] 第 { $first } 至 { $last } 篇文章
}

latest-further-of = { $count ->
    [1] 第 { $first } 篇文章：{ $names }
   *[other] 第 { $first } 至 { $last } 篇文章：{ $names }
}

latest-none-of = 没有文章同时符合：{ $names }
latest-gone = 这些文章已经不在文章库里了，可以用 /latest 看看现有的文章。
latest-unknown = 没有文章带“{ $name }”这个标签，也没有叫这个名字的来源。
latest-unknown-tag = 没有文章带“{ $name }”这个标签。
latest-unknown-source = 没有叫“{ $name }”的来源。
latest-sources = 现有来源：{ $names }。
latest-near = 你要找的是不是这些？
latest-see-tags = 用 /tags 可以查看全部标签。

tags-heading = 共 { $count } 个标签，按文章数排列。点一下，查看带这个标签的最新文章。
tags-most-frequent = 最常见的标签：
no-tags = 这里的文章都没有标签，可以用 /latest 查看最新文章。

button-newer = ‹ 较新
button-older = 较早 ›

# 回答

elsewhere = 《{ $title }》里没有找到相关内容。在所有文章里找到的是：

nowhere =
    《{ $title }》里没有找到相关内容，其他文章里也没有。

    换个说法也许有用，也可以用 /latest 看看最近的文章。

hit-gone = 已不在文章库里。

vote-good = 谢谢，知道了！
vote-bad = 谢谢反馈，这有助于改进回答。
vote-again = 你已经评价过了，谢谢！

button-whole = 第 { $number } 条全文
button-like-hit = 类似 { $number } 的

# 单篇文章

article-usage =
    想看哪一篇呢？把链接写在命令后面，或者用 /article 回复一条带链接的消息。例如：

    /article https://blog.example.org/some-article

article-unknown = 文章库里没有这个链接的文章。把想了解的内容发给我，我看看有没有相关的。

button-share = 分享

# 分享

share-ready = 打开这个链接就会向我提这个问题：
share-forgotten = 我已经不记得这个问题了，请再问一次，然后分享。

# 隐私

privacy =
    我会保存这些：

    • 订阅和设置：这个聊天的编号（群和频道还有名称）、语言、时区、订阅内容，以及推送过哪些文章。一直保留，直到你删除。
    • 回答：在哪里、由谁（只有编号）提问，找到了哪些段落，这样按钮和回复才能用。只保留所有人最近的两万条回答。
    • 提问的原话：{ $days ->
        [0] 不保存，只在内存里记住最近的一千个问题。
       *[other] 和回答一起保存 { $days } 天。
    }
    • 👍 和 👎：你的编号、问题原话和找到的段落，用来改进搜索。一直保留，直到你删除。
    • 你选择的语言，以及第一次和最近一次使用的时间。
    • 你最近问了多少：只在内存里计数，免得有人问得太多；删除不会让它清零。
    • 如果不是人人都能用我：你用邀请码进来过，以及你为哪个群或频道订阅过。
    • 放不进链接的问题，在你分享时会保存下来，但不会记下是谁问的。只保留所有人最近分享的一万个。

    除此之外，我不保存其他消息，也不保存任何人的姓名。维护者的日志里可能会出现聊天编号。

    /forget 会马上删除与你有关的一切。

forget-ask = 要删除我保存的、与你有关的一切吗？包括订阅、设置、回答和评价。删除后无法恢复，新文章也不会再推送给你。
forget-ask-chat = 要删除我保存的、与“{ $title }”有关的一切吗？包括订阅、设置、回答和评价。删除后无法恢复，这里也不会再收到新文章。
forget-typed = 要删除我保存的、与你有关的一切，请输入：/forget everything
forget-admins-only = 只有管理员可以这样做。
forgotten = 都删除了：订阅 { $subscriptions } 个，推送记录 { $announcements } 条，回答 { $answers } 个，评价 { $votes } 个。
forgotten-anew = 想重新开始，发 /start 就好。
forgotten-nothing = 这里没有需要删除的内容。
button-forget = 全部删除

# 语言

language-which = 想让我用哪种语言和你交流？也可以直接输入，例如：/language 中文
language-which-group = 想让我在这个群里使用哪种语言？
language-which-channel = 想让我在 { $channel } 用哪种语言推送文章？
language-unknown = 我还不会这种语言。

language-chosen = 好的，以后我用{ $language }和你交流。
language-chosen-group = 好的，以后我在这里使用{ $language }。
language-chosen-channel = 好的，以后我在 { $channel } 推送文章时使用 { $language }。
language-client = 好的，以后我使用你的 Telegram 所用的语言。
language-each = 好的，以后我在这里按每个人的 Telegram 所用的语言回答。

button-language-client = 跟随我的 Telegram
button-language-each = 各人用各自的语言

# 群组与转发

mention-usage =
    想知道什么？把问题写在我的名字旁边就行，比如：

    @{ $name } 梯度检查点是怎么节省显存的？

forwarded-command = 转发来的命令不起作用，请自己发给我。

# 限制

limit-seconds = 问题有点多，我需要缓一缓。请过 { $seconds } 秒再问。
limit-hours = 今天问得有点多，我需要缓一缓。请过 { $hours } 小时再问。
limit-minutes = 问题有点多，我需要缓一缓。请过 { $minutes } 分钟再问。

# 在任何聊天里

inline-nothing = 我在这些文章里没有找到相关内容。
inline-other-words = 换个说法也许能找到。
inline-ask-here = 私下问我
inline-preparing = 还在整理文章，请稍后再试
inline-down = 出了点问题，请稍后再试

# Telegram 上机器人自己的介绍

profile-about = 我熟悉一个文章库。随便问，我用其中的原文和链接来回答。

profile-description =
    用中文或英文问我这个文章库里的任何内容，我会给出最能回答的原文段落和链接。

    有新文章时我也可以告诉你：全部，或只要你关心的主题；随时，或每天一次。

# 谁可以用

access-listed = 你好！我只回答维护者允许的人。想用我的话，请把你的编号告诉维护者：{ $number }

access-invited = 你好！我只回答受邀请的人。有邀请码的话，请这样发给我：/start 邀请码

access-wrong = 邀请码不对。请再核对一下，或者问问邀请你的人。
access-too-many = 邀请码错了好几次。请一小时后再试。

access-group = 大家好！现在群里人人都可以问我：/ask 加问题。管理员可以让我在这里推送新文章：/subscribe
access-group-few = 大家好！我熟悉一个文章库。在这里我只回答我认识的人：/ask 加问题。
access-group-code = 想让群里人人都能问我，请管理员发给我：/start 邀请码
access-admins-only = 只有群管理员可以让所有人使用我。

access-button = 我只回答得到允许的人。请私下给我发消息。
access-inline = 只给得到允许的人用

forget-invitation = 你是用邀请码进来的。删除之后想再用我，需要重新输入邀请码。
forgotten-invitation = 想再用我，请发 /start 邀请码。
forgotten-vouched = 由你订阅而收到新文章的群和频道，要等管理员重新订阅才会再收到。

# 维护

admin-heading = 维护
admin-all-well = 一切正常。
admin-sources-fail = ⚠ { $count } 个来源读不到。
admin-letters-wait = ⚠ { $count } 条推送没能送达。
admin-as-of = 截至 { $moment }。

admin-statistics = 统计
admin-archive = 文章库：{ $articles } 篇文章，{ $excerpts } 个段落。
admin-index-ready = 索引已就绪。
admin-index-share = 正在建立索引：已完成 { $percent } %。
admin-places = 有订阅的：私聊 { $private } 个，群 { $groups } 个，频道 { $channels } 个。
admin-deaf = 其中暂时收不到消息的 { $asleep } 个，暂停的 { $paused } 个。
admin-wishes = 订阅：全部 { $everything } 个，标签 { $tags } 个，词 { $words } 个，主题 { $topics } 个。
admin-deliveries = 推送：{ $waiting } 条待发，最近 24 小时发出 { $sent } 条，{ $dead } 条没能送达。
admin-answered = 回答的问题：最近 24 小时 { $day } 个，最近 7 天 { $week } 个。
admin-votes = 评价：👍 { $good } 个，👎 { $bad } 个。

admin-sources = { $count } 个来源
admin-no-sources = 还没有来源，可以用 archive-bot source add 添加。
admin-source-new = 还没有读取过。
admin-source-holds = { $kind }，{ $articles } 篇文章
admin-source-looked = 最近读取：{ $moment }
admin-source-brought = 最近有新内容：{ $moment }
admin-source-fails = 从 { $since } 起读不到：{ $reason }
admin-source-waits = 对方服务器要求在 { $moment } 之前不要打扰。

admin-gather-which = 现在读取哪个来源？
admin-gathers-nothing = 这里不读取来源：没有设置来源，或者这个进程不负责读取。
admin-gathering = 正在读取 { $names } ……
admin-gathered = 读取完毕：{ $names }
admin-came = 新增 { $new } 篇，更新 { $changed } 篇。
admin-gather-broken = 没有读完，原因见我的日志。
admin-more-troubles = …… 还有 { $count } 个。

admin-letters = { $count } 条推送没能送达
admin-no-letters = 没有失败的推送。
admin-again = 会再发一次。
admin-again-all = 会再发 { $count } 条。
admin-again-none = 已经没有人想收到它，或者已经发过了。

kind-private = 私聊
kind-group = 群
kind-channel = 频道

admin-announce = 通知所有人
admin-announce-how = 你写的内容会发到每个有订阅、没有暂停、能收到消息的地方，目前有 { $places } 个。处在免打扰时段的，会等到结束后再发。你会先看到预览，确认之后才会发送。
admin-spread = 已送达 { $sent } 个，等待 { $waiting } 个，失败 { $dead } 个。
admin-spread-stopped = 不再需要的 { $count } 个。

announce-prompt = 想通知大家什么？请回复这条消息，写上内容；粗体、链接等格式都会保留。
announce-placeholder = 要通知的内容
announce-text-only = 目前只能通知文字。请把想说的写成文字，不要附带图片或文件。
announce-too-long = 超出了 { $over } 个字，请控制在 { $most } 个字以内。
announce-nobody = 没有人会收到：没有哪个地方有订阅、没有暂停而且能收到消息。
announce-sent = 会发到 { $places } 个地方。
announce-already = 已经发送过了。
announce-gone = 这份草稿已经不在了，请重新写一次。
announce-cancelled = 没有发送，草稿已删除。

button-statistics = 统计
button-sources = 来源
button-gather = 立即读取
button-gather-all = 所有来源
button-failed = 失败的推送
button-announce = 通知所有人
button-refresh = 刷新
button-again = 重发 { $number }
button-again-all = 全部重发
button-write = 写通知
button-send-to = 发到 { $places } 个地方
button-cancel = 取消
button-spread = 发到哪里了？

# 不是问题的话，文章里又没有相关内容。
courtesy-greeting = 你好！想知道什么，直接问就好；用 /help 看看我还能做什么。
courtesy-thanks = 不客气！还想知道什么，随时问我。
courtesy-assent = 好的！还想知道什么，直接问就好。
courtesy-farewell = 再见！有问题随时来问我。
