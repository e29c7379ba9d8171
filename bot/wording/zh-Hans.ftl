# 用户看到的中文文案：简短、友善、有用。

welcome =
    你好！我熟悉一批文章，会从中找出答案，并附上原文摘录和链接。

    直接把问题发给我就行，中文英文都可以。

    /latest 查看最新文章，/help 查看更多用法。

help =
    我能做这些事：

    • 直接发问题给我，我会找出最能回答它的段落。
    • /ask 加问题，效果一样；在群里请用这种方式提问。
    • /latest 查看最新文章，/latest { $most } 最多看 { $most } 篇。
    • 提问时可以缩小范围：标签:LLM、来源:博客、之后:2026-03、之前:2027、"必须连在一起出现的词"、-不要出现的词。只写筛选条件，就看符合条件的最新文章。

    我展示的内容都是文章原文。找不到的时候，我会如实告诉你。

ask-usage =
    想知道什么呢？把问题写在命令后面，例如：

    /ask 梯度检查点是怎么节省显存的？

nothing-found =
    我在这些文章里没有找到相关内容。

    换个说法也许有用，也可以用 /latest 看看最近的文章。

nearest-heading = 内容最接近的文章如下，但没有回答这个问题：

further-passages = 这篇文章里还有：

filtered-heading = 符合条件的最新 { $count } 篇文章

latest-heading = 最新的 { $count } 篇文章

latest-usage = 想看几篇呢？1 到 { $most } 之间的数字都可以，例如 /latest { $example }

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
menu-help = 使用说明
