# 由 zh-Hans.ftl 產生：python -m bot.wording.traditional

welcome =
    你好！我熟悉一批文章，會從中找出答案，並附上原文摘錄和連結。

    • 直接把問題傳給我就行，中文英文都可以。
    • /latest、/tags、/random 可以隨便逛逛。
    • /subscribe 訂閱新文章。
    • /help 查看更多用法。

welcome-examples = 例如，點一個試試：

link-forgotten = 我已經不記得這個連結對應的問題了，請直接把問題傳給我。

help =
    我能做這些事：

    • 直接傳問題給我，我會找出最能回答它的段落。
    • /ask 加問題，效果一樣。在群組裡可以這樣問，也可以 @ 我，或者回覆我傳的訊息。
    • /latest 查看最新文章，/latest { $most } 最多看 { $most } 篇，/latest #LLM 只看帶這個標籤的。
    • /tags 列出全部標籤，/random 隨便看一篇，/article 加連結查看那一篇。
    • 提問時可以縮小範圍：標籤:LLM、來源:部落格、之後:2026-03、之前:2027、"必須連在一起出現的詞"、-不要出現的詞。只寫篩選條件，就看符合條件的最新文章。

    有新文章時，我也可以告訴你：

    • /subscribe —— 所有新文章
    • /subscribe #LLM —— 帶某個標籤的
    • /subscribe "KV cache" -vLLM —— 有這些詞、沒有那個詞的
    • /subscribe 關於 訓練時怎麼省顯示記憶體 —— 用你自己的話描述一個主題
    • /subscriptions 查看訂閱，/unsubscribe 取消訂閱。
    • /settings 設定馬上推播、每天或每週彙整，還有勿擾時段、時區和提示音。
    • /language 選擇我使用的語言。
    • 群組裡由管理員設定；想推播到自己的頻道，請先將我設為頻道管理員，再傳給我 /subscribe @頻道名稱。

    /privacy 說明我儲存了什麼，/forget 把它們全部刪除。

    我展示的內容都是文章原文。找不到的時候，我會如實告訴你。

ask-usage =
    想知道什麼呢？把問題寫在指令後面，例如：

    /ask 梯度檢查點是怎麼節省顯示記憶體的？

nothing-found =
    我在這些文章裡沒有找到相關內容。

    換個說法也許有用，也可以用 /latest 看看最近的文章。

nearest-heading = 內容最接近的文章如下，但沒有回答這個問題：

further-passages = 這篇文章裡還有：

filtered-heading = { $count ->
    [1] 符合條件的最新一篇文章
   *[other] 符合條件的最新 { $count } 篇文章
}

latest-heading = { $count ->
    [1] 最新的一篇文章
   *[other] 最新的 { $count } 篇文章
}

latest-usage =
    想看幾篇、哪一類呢？一次最多 { $most } 篇，例如：

    /latest { $example }
    /latest #LLM
    /latest 來源:部落格 10

archive-empty = 這裡還沒有文章，請稍後再來。

unknown-command = 我不認識這個指令。用 /help 看看我能做什麼，或者直接把問題傳給我。

words-only = 我只能讀文字，請把問題用文字傳給我。

still-preparing = 我還在準備文章索引，請過幾分鐘再問。

still-preparing-progress = 我還在準備文章索引（已完成 { $percent } %），請過幾分鐘再問。

part-down = 我的一部分暫時無法使用，現在無法回答。詳情見管理員的紀錄檔，請稍後再試。

went-wrong = 抱歉，我這邊出了點問題。詳情見管理員的紀錄檔，請再試一次。

source-fails =
    來源「{ $source }」從 { $since } 起一直讀不到：

    { $reason }

    已收錄的文章不受影響，我會繼續嘗試，恢復後再告訴你。

source-recovered = 來源「{ $source }」恢復正常了。

menu-ask = 向文章庫提問
menu-latest = 查看最新文章
menu-tags = 按標籤找文章
menu-random = 隨便看一篇
menu-help = 使用說明
menu-subscribe = 訂閱新文章
menu-subscriptions = 查看我的訂閱
menu-unsubscribe = 取消訂閱
menu-settings = 推播設定
menu-language = 選擇語言
menu-privacy = 我儲存了關於你的什麼
menu-admin = 管理機器人

# 訂閱

subscribed = 訂閱好了：{ $wish }。

subscribed-channel = 已為 { $channel } 訂閱：{ $wish }。

subscribed-when = 以前的文章不會再傳。有新文章時，我會{ $rhythm }。可以用 /settings{ $where } 調整，用 /subscriptions{ $where } 查看全部訂閱。

subscribed-paused = 目前暫停了推播，可以用 /settings{ $where } 恢復。

already-subscribed = 你已經訂閱過了：{ $wish }。用 /subscriptions{ $where } 查看全部訂閱。

would-have-matched = 最近的文章裡，有 { $count } 篇符合：

would-have-matched-many = 最近的文章裡，有 { $count } 篇符合，最新的幾篇是：

would-have-matched-none = 最近的文章裡沒有符合的，以後有了我會告訴你。

would-have-matched-unknown = 我還在準備文章索引，暫時看不出最近哪些文章符合。訂閱已經生效，不受影響。

strictness-changed = 改好了，現在訂閱的是：{ $wish }。

too-many-subscriptions = 這裡的訂閱不能超過 { $most } 個，請先用 /subscriptions 刪掉一個。

wish-too-long = 這太長了，請控制在 { $most } 個字以內。

wish-too-many = 一次說得太多了，標籤和詞加起來請不要超過 { $most } 個。

wish-only-not = 你只說了不想要什麼。請再加上想要的標籤、詞或主題。

wish-no-subject = 關於什麼呢？例如：/subscribe 關於 訓練時怎麼省顯示記憶體

wish-no-source = 目前不能只訂閱某一個來源，可以用標籤、詞或主題來訂閱，寫法見 /help。

wish-no-dates = 訂閱只管以後的新文章，日期不起作用，請去掉日期。

wish-not-tag = 我可以排除某個詞，但不能排除標籤。請寫上想要的標籤，或者要排除的詞，例如 -vLLM

wish-channel-first = 請把頻道寫在最前面，用 @ 加頻道的使用者名稱：/subscribe @channel #LLM。如果要找的詞本身帶有 @，請給它加上引號。

wish-never = 這樣什麼都不會符合：「{ $word }」既要出現又不能出現，請去掉其中一個。

wish-nothing-said = 我只看到了符號。請寫一個標籤、一個詞或一個主題，寫法見 /help。

subscriptions-heading = { $count } 個訂閱

subscriptions-heading-channel = { $channel } 的 { $count } 個訂閱

subscriptions-remove = 點一下就能刪除。

subscriptions-page = 第 { $page } 頁，共 { $pages } 頁

no-subscriptions = 這裡還沒有訂閱。傳送 /subscribe 就能收到所有新文章；想挑著看，請看 /help。

no-subscriptions-channel = { $channel } 還沒有訂閱。傳送 /subscribe{ $where } 就能在那裡推播所有新文章；想挑著推播，請看 /help。

unsubscribed = 已取消訂閱：{ $wish }。

unsubscribed-all = { $count ->
    [1] 已取消訂閱，以後不會再推播新文章了。
   *[other] 已取消全部 { $count } 個訂閱，以後不會再推播新文章了。
}

unsubscribed-channel = 已為 { $channel } 取消訂閱：{ $wish }。

unsubscribed-all-channel = { $count ->
    [1] 已為 { $channel } 取消訂閱，以後不會再在那裡推播新文章了。
   *[other] 已取消訂閱 { $channel } 的全部 { $count } 個訂閱，以後不會再在那裡推播新文章了。
}

unsubscribe-which = 要取消訂閱哪一個？/unsubscribe all 會全部取消訂閱。

unsubscribe-unknown = 這裡沒有這個訂閱：{ $wish }。

nothing-to-unsubscribe = 你在這裡沒有訂閱，不需要取消。

subscription-gone = 這個訂閱已經取消了。

wish-everything = 所有新文章

wish-but-not = { $wish }，但不含 { $words }

wish-about = 關於「{ $topic }」

wish-strictness-loosest = { $wish }（寬鬆得多）
wish-strictness-loose = { $wish }（寬鬆一些）
wish-strictness-strict = { $wish }（嚴格一些）
wish-strictness-strictest = { $wish }（嚴格得多）

wish-quoted = 「{ $words }」

words-and = { $words }和{ $last }
words-or = { $words } 或 { $last }
words-comma = { $words }、{ $next }

# 權限與頻道

admins-only = 只有本群組管理員可以更改。

channel-unknown = 我找不到頻道 { $channel }。名字寫對了嗎？我在那裡是管理員嗎？

channel-not-a-channel = { $channel } 不是頻道。如果是群組，請直接在群組裡傳送這個指令。

channel-add-me = 請先將我設為 { $channel } 的管理員，並允許我傳訊息，然後再傳一次。

channel-admins-only = 只有 { $channel } 的管理員可以這樣做。

channel-private-only = 請在和我的私訊裡傳送這個指令。

channel-added = 我現在可以在 { $channel } 傳訊息了。想在那裡推播新文章，請傳給我：/subscribe { $channel }

channel-added-nameless = 我現在可以在「{ $title }」傳訊息了。想在那裡推播新文章，請傳給我：/subscribe { $number }

group-hello = 大家好！我熟悉一批文章，用 /ask 加問題，或者 @ 我，就能問我。管理員可以用 /subscribe 讓我在這裡推播新文章。

awake-again = 歡迎回來！你的 { $count } 個訂閱已恢復推播。

# 設定

settings-heading = 設定
settings-heading-channel = { $channel } 的設定

settings-when = 有新文章時{ $rhythm }。
settings-when-resumed = 恢復之後：有新文章時{ $rhythm }。
settings-no-subscriptions = 這裡還沒有訂閱：/subscribe{ $where }
settings-zone = 時區：{ $zone }，現在是 { $time }。
settings-quiet = 勿擾時段：{ $hours }，期間的文章會等到結束後再傳。
settings-never-quiet = 沒有設定勿擾時段。
settings-sound = 訊息有提示音。
settings-silent = 訊息沒有提示音。
settings-preview = 顯示連結預覽。
settings-no-preview = 不顯示連結預覽。
settings-paused = 已暫停：不會推播，期間的新文章以後也不會補傳。

settings-choose-rhythm = 想什麼時候收到新文章？
settings-choose-hour = 想幾點收到彙整？
settings-choose-weekday = 想在星期幾收到彙整？
settings-choose-quiet = 什麼時候不要打擾你？其他時段可以這樣寫：/settings{ $where } 勿擾 22:30-07:00
settings-choose-zone = 你在哪裡？其他地方可以這樣寫：/settings{ $where } 時區 高雄

settings-usage =
    /settings 會顯示全部設定和按鈕。也可以直接輸入：

    /settings 時區 台北
    /settings 勿擾 22:30-07:00
    /settings 勿擾 關
    /settings 每天 9
    /settings 每週 週五 18
    /settings 立即
    /settings 靜音 開
    /settings 預覽 關
    /settings 暫停
    /settings 恢復

setting-saved = 已儲存。
setting-paused = 已暫停，恢復之前不會推播，還沒傳出的也不再傳送。
setting-resumed = 已恢復推播，暫停期間的文章不會補傳。

zone-unknown = 我不認識「{ $words }」這個地方。可以試試大城市的名字，或者 UTC+8 這樣的寫法。
zone-several = 你指的是哪一個？

hours-not-understood = 我看不懂這個時段。例如：/settings 勿擾 22:30-07:00，或者 /settings 勿擾 關

hour-not-understood = 我沒看懂這個時間。請用 0 到 23 的整點，例如：/settings 每天 9

rhythm-at-once = 馬上傳送
rhythm-daily = 每天 { $time } 彙整傳送
rhythm-weekly = 每{ $day } { $time } 彙整傳送

day-monday = 週一
day-tuesday = 週二
day-wednesday = 週三
day-thursday = 週四
day-friday = 週五
day-saturday = 週六
day-sunday = 週日

city-utc = UTC
city-shanghai = 北京 / 上海
city-hong-kong = 香港
city-taipei = 台北
city-singapore = 新加坡
city-tokyo = 東京
city-seoul = 首爾
city-kolkata = 加爾各答
city-dubai = 杜拜
city-moscow = 莫斯科
city-berlin = 柏林
city-london = 倫敦
city-sao-paulo = 聖保羅
city-new-york = 紐約
city-chicago = 芝加哥
city-denver = 丹佛
city-los-angeles = 洛杉磯
city-sydney = 雪梨

# 推播

notice-again = 這則你可能已經收到過：上次傳送後，Telegram 沒有告訴我是否送達。

listing-burst = { $count } 篇新文章

listing-digest = 新文章彙整：{ $count } 篇

listing-backlog = 這段時間的 { $count } 篇新文章

listing-others = 其他

listing-more = …… 還有 { $count } 篇，請看 /latest

listing-more-channel = …… 還有 { $count } 篇

ask-about-prompt = 關於《{ $title }》，想知道什麼呢？請回覆這則訊息。
ask-about-placeholder = 關於這篇文章的問題

more-like-this = 和《{ $title }》相似的文章
no-more-like-this = 沒有找到和《{ $title }》相似的文章。

article-gone = 這篇文章已經不在文章庫裡了。

stopped-by-button = 已停止推播：{ $wish }。
restored = 已恢復：{ $wish }。
restored-already = 已經恢復了。
stopped-already = 這個已經停止推播了。

button-old = 這個按鈕太舊了，請重新傳送指令。

# 按鈕

button-ask = 就這篇提問
button-like = 更多類似的
button-stop = 不再推播這類
button-undo = 恢復
button-remove = 取消訂閱
button-stricter = 更嚴格
button-looser = 更寬鬆
button-back = « 返回
button-next = 下一頁 »
button-rhythm = 推播時間
button-hour = 幾點
button-weekday = 星期幾
button-quiet = 勿擾
button-zone = 時區
button-at-once = 有新文章就傳
button-daily = 每天彙整
button-weekly = 每週彙整
button-never-quiet = 不設勿擾
button-silent = 關閉提示音
button-sound = 開啟提示音
button-preview = 顯示連結預覽
button-no-preview = 不顯示連結預覽
button-pause = 暫停推播
button-resume = 恢復推播

# 瀏覽

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

latest-none-of = 沒有文章同時符合：{ $names }
latest-gone = 這些文章已經不在文章庫裡了，可以用 /latest 看看現有的文章。
latest-unknown = 沒有文章帶「{ $name }」這個標籤，也沒有叫這個名字的來源。
latest-unknown-tag = 沒有文章帶「{ $name }」這個標籤。
latest-unknown-source = 沒有叫「{ $name }」的來源。
latest-sources = 現有來源：{ $names }。
latest-near = 你要找的是不是這些？
latest-see-tags = 用 /tags 可以查看全部標籤。

tags-heading = 共 { $count } 個標籤，按文章數排列。點一下，查看帶這個標籤的最新文章。
tags-most-frequent = 最常見的標籤：
no-tags = 這裡的文章都沒有標籤，可以用 /latest 查看最新文章。

button-newer = ‹ 較新
button-older = 較早 ›

# 回答

elsewhere = 《{ $title }》裡沒有找到相關內容。在所有文章裡找到的是：

nowhere =
    《{ $title }》裡沒有找到相關內容，其他文章裡也沒有。

    換個說法也許有用，也可以用 /latest 看看最近的文章。

hit-gone = 已不在文章庫裡。

vote-good = 謝謝，知道了！
vote-bad = 謝謝你的意見，這有助於改進回答。
vote-again = 你已經評價過了，謝謝！

button-whole = 第 { $number } 則全文
button-like-hit = 類似 { $number } 的

# 單篇文章

article-usage =
    想看哪一篇呢？把連結寫在指令後面，或者用 /article 回覆一則帶連結的訊息。例如：

    /article https://blog.example.org/some-article

article-unknown = 文章庫裡沒有這個連結的文章。把想了解的內容傳給我，我看看有沒有相關的。

button-share = 分享

# 分享

share-ready = 開啟這個連結就會向我提這個問題：
share-forgotten = 我已經不記得這個問題了，請再問一次，然後分享。

# 隱私

privacy =
    我會儲存這些：

    • 訂閱和設定：這個聊天的編號（群組和頻道還有名稱）、語言、時區、訂閱內容，以及推播過哪些文章。一直保留，直到你刪除。
    • 回答：在哪裡、由誰（只有編號）提問，找到了哪些段落，這樣按鈕和回覆才能用。只保留所有人最近的兩萬條回答。
    • 提問的原話：{ $days ->
        [0] 不儲存，只在記憶體裡記住最近的一千個問題。
       *[other] 和回答一起儲存 { $days } 天。
    }
    • 👍 和 👎：你的編號、問題原話和找到的段落，用來改進搜尋。一直保留，直到你刪除。
    • 你選擇的語言，以及第一次和最近一次使用的時間。
    • 你最近問了多少：只在記憶體裡計數，免得有人問得太多；刪除不會讓它清零。
    • 如果不是人人都能用我：你用邀請碼進來過，以及你為哪個群組或頻道訂閱過。
    • 放不進連結的問題，在你分享時會儲存下來，但不會記下是誰問的。只保留所有人最近分享的一萬個。

    除此之外，我不儲存其他訊息，也不儲存任何人的姓名。維護者的紀錄檔裡可能會出現聊天編號。

    /forget 會馬上刪除與你有關的一切。

forget-ask = 要刪除我儲存的、與你有關的一切嗎？包括訂閱、設定、回答和評價。刪除後無法恢復，新文章也不會再推播給你。
forget-ask-chat = 要刪除我儲存的、與「{ $title }」有關的一切嗎？包括訂閱、設定、回答和評價。刪除後無法恢復，這裡也不會再收到新文章。
forget-typed = 要刪除我儲存的、與你有關的一切，請輸入：/forget everything
forget-admins-only = 只有管理員可以這樣做。
forgotten = 都刪除了：訂閱 { $subscriptions } 個，推播記錄 { $announcements } 則，回答 { $answers } 個，評價 { $votes } 個。
forgotten-anew = 想重新開始，傳送 /start 就好。
forgotten-nothing = 這裡沒有需要刪除的內容。
button-forget = 全部刪除

# 語言

language-which = 想讓我用哪種語言和你交流？也可以直接輸入，例如：/language 繁體
language-which-group = 想讓我在這個群組裡使用哪種語言？
language-which-channel = 想讓我在 { $channel } 用哪種語言推播文章？
language-unknown = 我還不會這種語言。

language-chosen = 好的，以後我用{ $language }和你交流。
language-chosen-group = 好的，以後我在這裡使用{ $language }。
language-chosen-channel = 好的，以後我在 { $channel } 推播文章時使用 { $language }。
language-client = 好的，以後我使用你的 Telegram 所用的語言。
language-each = 好的，以後我在這裡按每個人的 Telegram 所用的語言回答。

button-language-client = 跟隨我的 Telegram
button-language-each = 各人用各自的語言

# 群組與轉發

mention-usage =
    想知道什麼？把問題寫在我的名字旁邊就行，比如：

    @{ $name } 梯度檢查點是怎麼節省顯示記憶體的？

forwarded-command = 轉發來的指令不起作用，請自己傳給我。

# 限制

limit-seconds = 問題有點多，我需要緩一緩。請過 { $seconds } 秒再問。
limit-hours = 今天問得有點多，我需要緩一緩。請過 { $hours } 小時再問。
limit-minutes = 問題有點多，我需要緩一緩。請過 { $minutes } 分鐘再問。

# 在任何聊天裡

inline-nothing = 我在這些文章裡沒有找到相關內容。
inline-other-words = 換個說法也許能找到。
inline-ask-here = 私下問我
inline-preparing = 還在整理文章，請稍後再試
inline-down = 出了點問題，請稍後再試

# Telegram 上機器人自己的介紹

profile-about = 我熟悉一個文章庫。隨便問，我用其中的原文和連結來回答。

profile-description =
    用中文或英文問我這個文章庫裡的任何內容，我會給出最能回答的原文段落和連結。

    有新文章時我也可以告訴你：全部，或只要你關心的主題；隨時，或每天一次。

# 誰可以用

access-listed = 你好！我只回答維護者允許的人。想用我的話，請把你的編號告訴維護者：{ $number }

access-invited = 你好！我只回答受邀請的人。有邀請碼的話，請這樣傳給我：/start 邀請碼

access-wrong = 邀請碼不對。請再核對一下，或者問問邀請你的人。
access-too-many = 邀請碼錯了好幾次。請一小時後再試。

access-group = 大家好！現在群組裡人人都可以問我：/ask 加問題。管理員可以讓我在這裡推播新文章：/subscribe
access-group-few = 大家好！我熟悉一個文章庫。在這裡我只回答我認識的人：/ask 加問題。
access-group-code = 想讓群組裡人人都能問我，請管理員傳給我：/start 邀請碼
access-admins-only = 只有群組管理員可以讓所有人使用我。

access-button = 我只回答得到允許的人。請私下給我傳訊息。
access-inline = 只給得到允許的人用

forget-invitation = 你是用邀請碼進來的。刪除之後想再用我，需要重新輸入邀請碼。
forgotten-invitation = 想再用我，請傳送 /start 邀請碼。
forgotten-vouched = 由你訂閱而收到新文章的群組和頻道，要等管理員重新訂閱才會再收到。

# 維護

admin-heading = 維護
admin-all-well = 一切正常。
admin-sources-fail = ⚠ { $count } 個來源讀不到。
admin-letters-wait = ⚠ { $count } 則推播沒能送達。
admin-as-of = 截至 { $moment }。

admin-statistics = 統計
admin-archive = 文章庫：{ $articles } 篇文章，{ $excerpts } 個段落。
admin-index-ready = 索引已就緒。
admin-index-share = 正在建立索引：已完成 { $percent } %。
admin-places = 有訂閱的：私訊 { $private } 個，群組 { $groups } 個，頻道 { $channels } 個。
admin-deaf = 其中暫時收不到訊息的 { $asleep } 個，暫停的 { $paused } 個。
admin-wishes = 訂閱：全部 { $everything } 個，標籤 { $tags } 個，詞 { $words } 個，主題 { $topics } 個。
admin-deliveries = 推播：{ $waiting } 則待發，最近 24 小時發出 { $sent } 則，{ $dead } 則沒能送達。
admin-answered = 回答的問題：最近 24 小時 { $day } 個，最近 7 天 { $week } 個。
admin-votes = 評價：👍 { $good } 個，👎 { $bad } 個。

admin-sources = { $count } 個來源
admin-no-sources = 還沒有來源，可以用 archive-bot source add 新增。
admin-source-new = 還沒有讀取過。
admin-source-holds = { $kind }，{ $articles } 篇文章
admin-source-looked = 最近讀取：{ $moment }
admin-source-brought = 最近有新內容：{ $moment }
admin-source-fails = 從 { $since } 起讀不到：{ $reason }
admin-source-waits = 對方伺服器要求在 { $moment } 之前不要打擾。

admin-gather-which = 現在讀取哪個來源？
admin-gathers-nothing = 這裡不讀取來源：沒有設定來源，或者這個程序不負責讀取。
admin-gathering = 正在讀取 { $names } ……
admin-gathered = 讀取完畢：{ $names }
admin-came = 新增 { $new } 篇，更新 { $changed } 篇。
admin-gather-broken = 沒有讀完，原因見我的紀錄檔。
admin-more-troubles = …… 還有 { $count } 個。

admin-letters = { $count } 則推播沒能送達
admin-no-letters = 沒有失敗的推播。
admin-again = 會再傳一次。
admin-again-all = 會再發 { $count } 則。
admin-again-none = 已經沒有人想收到它，或者已經發過了。

kind-private = 私訊
kind-group = 群組
kind-channel = 頻道

admin-announce = 通知所有人
admin-announce-how = 你寫的內容會發到每個有訂閱、沒有暫停、能收到訊息的地方，目前有 { $places } 個。處在勿擾時段的，會等到結束後再傳。你會先看到預覽，確認之後才會傳送。
admin-spread = 已送達 { $sent } 個，等待 { $waiting } 個，失敗 { $dead } 個。
admin-spread-stopped = 不再需要的 { $count } 個。

announce-prompt = 想通知大家什麼？請回覆這則訊息，寫上內容；粗體、連結等格式都會保留。
announce-placeholder = 要通知的內容
announce-text-only = 目前只能通知文字。請把想說的寫成文字，不要附帶圖片或檔案。
announce-too-long = 超出了 { $over } 個字，請控制在 { $most } 個字以內。
announce-nobody = 沒有人會收到：沒有哪個地方有訂閱、沒有暫停而且能收到訊息。
announce-sent = 會發到 { $places } 個地方。
announce-already = 已經傳送過了。
announce-gone = 這份草稿已經不在了，請重新寫一次。
announce-cancelled = 沒有傳送，草稿已刪除。

button-statistics = 統計
button-sources = 來源
button-gather = 立即讀取
button-gather-all = 所有來源
button-failed = 失敗的推播
button-announce = 通知所有人
button-refresh = 重新整理
button-again = 重發 { $number }
button-again-all = 全部重發
button-write = 寫通知
button-send-to = 發到 { $places } 個地方
button-cancel = 取消
button-spread = 發到哪裡了？

# 不是問題的話，文章裡又沒有相關內容。
courtesy-greeting = 你好！想知道什麼，直接問就好；用 /help 看看我還能做什麼。
courtesy-thanks = 不客氣！還想知道什麼，隨時問我。
courtesy-assent = 好的！還想知道什麼，直接問就好。
courtesy-farewell = 再見！有問題隨時來問我。
