"""Words around names: what stands before one, ends none, or tells of it rather than names it."""

from __future__ import annotations

from retrieval.index.tokens import ASKING

#: Chinese words before a name that are not part of it.
BEFORE = frozenset(
    """
    的 地 得 了 着 过 之 是 为 即 叫 称 用 以 把 被 将 由 从 对 向 给 让 使 令 和 与 或 及 跟 同 而
    且 并 但 因 若 如 像 等 在 于 到 至 往 据 按 经 靠 凭 做 作 有 没 要 会 能 可 其 此 这 那 该 各
    每 某 另 本 我 你 他 她 它 也 都 就 才 再 又 还 很 更 只 仅 已 正 先 便 却 曾 常 不 请 看 加 种
    个 名 位 进 里 中 时 后 次 项 类 所 比 去 来 说 想 求 算 设 取 存 引 当 则 既 虽 至于 进了 叫做
    叫作 称为 称作 称之为 名为 命名为 定义为 记为 记作 译为 视为 看作 看成 作为 当作 成为 变成 变为
    化为 转为 转成 改为 换成 分为 分成 切成 拆成 写成 改成 生成了 使用 采用 利用 运用 借助 借用 选用
    改用 启用 开启 关闭 调用 引入 提出 提到 介绍 讨论 研究 包括 包含 涉及 涵盖 基于 通过 经过 根据
    依据 按照 依照 针对 关于 对于 由于 为了 随着 进行 实现 支持 提供 增加 添加 加入 加上 得到 获得
    获取 形成 构成 属于 位于 来自 源自 源于 用于 适用于 服务于 应用于 等于 需要 必须 可以 能够 应该
    应当 存在 具有 拥有 带有 具备 没有 缺少 避免 防止 减少 提高 提升 降低 导致 引起 产生 造成 触发
    依赖 依靠 结合 配合 解决 缓解 替代 代替 取代 优于 不如 超过 达到 成立 发明 设计 开发 推出 发布
    创立 创建 建立 修建 担任 出任 加盟 击败 组建 位居 饰演 主演 命名 取名 自称 号称 人称 以及 而且
    并且 但是 不过 然而 因为 所以 因此 如果 虽然 即使 或者 还是 不是 就是 也是 都是 只是 也就是 例如
    比如 譬如 诸如 比方 正如 首先 其次 然后 接着 最后 最终 同时 其中 此外 另外 随后 之后 以后 之前
    以前 后来 当时 现在 目前 当前 如今 主要 通常 一般 常见 常用 常常 往往 经常 直接 分别 似乎 几乎
    大约 尤其 特别 特别是 尤其是 已经 正在 依然 仍然 一直 所谓 所有 全部 大量 许多 很多 多种 多个
    各种 各个 每个 每种 一些 一个 一种 一类 一次 一条 一份 一项 一名 一位 一套 两个 两种 三个 三种
    几个 几种 若干 第一 第二 第三 这个 这种 这些 这类 这样 那个 那种 那些 它们 他们 我们 你们 自己
    什么 怎样 如何 为何 不同 不同的 相同 著名 知名 有名 高效 典型 经典 传统 现代 最新 新的 原来 原先
    真正 简单 复杂 优化了 结合了 使用了 采用了 引入了 提出了 中的 里的 上的 下的 又称 又名 又叫 亦称
    也称 也叫 或称 俗称 简称 全称 别称 雅号 绰号 别号 参考 直到 直至 两者 二者 三者 前者 后者 似 一
    一派 其实 可谓 堪称 配备 采取 更名 改名 更名为 改称 改名为 效力 效力于 指 指的 指的是 意思 有些
    有关 还有 另有 流入 高于 低于 占领 证明 竟 占 厚达 要加 需加 会把 再把 就把 再用 就用 都用 只用
    而是 为的是 与其 及其 来说 而言 进入 走向 依次 写作 读作 意为 意即 以便 从而 于是 实际 实际上
    本质 本质上 放到 放入 放进 写到 传到 传给 送入 送到 存到 存入 存成 读取 返回 如下 映射到 投影到
    """.split()
)
#: Of these, those in no name at all: what follows is one, whatever words jieba sees across them.
SURELY_BEFORE = tuple(
    """
    使用 采用 运用 选用 改用 叫做 叫作 称为 称作 称之为 名为 命名为 定义为 记为 记作 视为 看作
    引入了 提出了 提出 引入 也就是 换成 分成 切成 变成 转成 称做 通过 基于 我们 它们 这种 一种
    """.split()
)
#: Of these, those behind which a verb stands first.
BEFORE_VERBS = frozenset(
    """
    就 才 再 又 也 都 还 只 仅 已 会 要 能 可 先 便 曾 常 不 可以 能够 应该 应当 必须 直接 分别 已经
    正在 仍然 一直 通常 一般 常常 往往 经常 主要 首先 然后 最后 同时 随后 于是 从而 以便 来 去
    """.split()
)
#: Of these, those that may as well be a part of a word that jieba does not know.
INSIDE_WORDS = frozenset(
    word for word in BEFORE if len(word) == 1 and word not in "的了是和与或及被把将为由在"
)
#: Of these, those with which a name may well begin (`依赖注入`, `最终一致性`): what follows is one
#: only if it is long enough.
MAYBE_WITHIN = frozenset(
    """
    加 求 存 取 设 引 次 项 类 本 同 时 后 中 位 名 正 先 已 可 不 进 里 比 当 更 过 非 作 算 像
    最终 同时 特别 一般 设计 直接 现代 经典 简单 高效 传统 开发 研究 支持 不同 相同 第一 第二 第三
    主要 替代 代替 取代 结合 提升 提高 降低 减少 增加 依赖 触发 调用 发布 建立 命名 解决 利用 关闭
    实现 避免 防止 缺少 位于 最新 典型 复杂 真正 全部 所有 介绍 讨论 分别 发明 创建 形成 构成
    """.split()
)
#: Of these, those that are taken into a name which is too short without them.
HEADS = frozenset("最终 命名 直接 依赖 第一 第二 一般 后 次 类 正 不 非 可".split())
#: Characters after which a word that jieba has only guessed is cut: `用块表`, `它用`.
GLUE = "用把被由叫称即将为是了的与和及如做再就才"
#: Titles behind a person's name.
TITLES = ("教授", "博士", "先生", "女士", "爵士", "将军", "医生", "院士")
#: What a Chinese name does not begin with, and what it does not end with.
NOT_OPENING = ("之", "此", "该", "内的", "型", "等等")
NOT_LAST = (*"的了着过等时中里内后前上是为之年月日号个与和快慢好", "期间", "以来", "左右")
#: Words of place behind what is not Chinese: `batch 内`.
PLACES = frozenset("内里中上下前后时")
#: Chinese in brackets behind a Latin name that says something else about it.
ASIDES = frozenset(
    """
    推荐 不推荐 可选 必需 必选 必填 必要 默认 缺省 正确 错误 左图 右图 上图 下图 图中 左侧 右侧 上方
    下方 草案 作者 译注 译者 笔者 编者 官方 开源 免费 收费 付费 中文 英文 英语 中国 美国 日本 英国
    德国 法国 简体 繁体 下同 待续 未完 续 废弃 弃用 旧版 新版 最新 实验性 公司 语言 编程语言 工具
    框架 数据库 软件 城市 国家 人名 地名 论文 期刊 会议 来源 首播 业余 草稿 附录 上文 下文 前文 后文
    见下文 见上文 参见 参考 详见 单位 如图 如下 如上 万元 亿元 人民币 美元 左右 以上 以下 以内 上集
    下集 第一 第二 简单 困难 中等 容易 东北 西北 东南 西南 大陆 完成 未完成 失败 成功 真 假 左 右 上
    下 甲 乙 同上 同前 合著 主编 操作系统 编辑器 浏览器 搜索引擎 大模型 手机 游戏 电影 歌曲 小说
    """.split()
)
#: Words that no Chinese name in brackets has.
ASIDE_WORDS = (
    BEFORE
    - frozenset("对以可之加不本各过时后中同次位先已正类项名引存取设比")
    - frozenset("最终 命名 设计 直接 一般 现代 依赖 替代 触发 调用".split())
) | frozenset(
    """
    例如 见 参见 详见 注 约 共 含 非 未 无 仅 除 今 原 现 旧 前 前称 原称 原名 一作 包括
    """.split()
)
#: Kinds of things: a single capitalised name behind one is more often an example of it.
KINDS = tuple(
    """
    数据库 框架 工具 平台 公司 作者 软件 服务 产品 数据集 论文 项目 网站 插件 芯片 显卡 脚本 文件
    命令 函数 参数 字段 变量 接口 系统 语言 库 大学 实验室 团队 厂商 版本 任务 方法 会议 模型
    算法 优化器 引擎
    """.split()
)
#: Units and other short things in brackets.
UNITS = frozenset(
    """
    b kb mb gb tb pb kib mib gib tib ms us ns s sec min h hr hz khz mhz ghz kg mg g km m cm mm nm in
    ft lb oz px pt em rem db dbm v mv ma kw w mw kwh j k c f rpm bps kbps mbps gbps fps usd rmb cny
    eur jpy gbp am pm bc ad ok no yes na tbd todo wip ii iii iv vi vii viii ix xi xii max sum
    """.split()
)
#: Latin words with which an aside opens or ends, and those of which alone it may consist.
NOT_FIRST = (ASKING - {"no", "not", "just", "out"}) | frozenset(
    """
    see eg ie cf including like not no approx about around et al etc ibid until since before after
    between under over roughly usually often https http www
    """.split()
)
NOT_ALONE = frozenset(
    """
    note only optional default recommended required left right new old deprecated yes fig figure
    table section eq equation appendix chapter page details
    """.split()
)
#: Words before a Latin name in running text.
NOT_IN_NAME = (ASKING - {"of", "and", "to", "in", "on", "for", "as", "over"}) | frozenset(
    "use uses used using called named known via plus see with we introduce introduces".split()
)
