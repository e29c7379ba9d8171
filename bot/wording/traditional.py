"""The catalogue in Traditional Chinese, made of the one in Simplified, in Taiwan's own words.

zh-Hans.ftl -> OpenCC's phrases for Taiwan -> words of our own -> zh-Hant.ftl

`python -m bot.wording.traditional` writes it. Where a sentence does not sound right, tell `_WORDS`
what it should say: the file itself is written anew each time.
"""

from __future__ import annotations

from pathlib import Path

from bot.wording import CHINESE, TRADITIONAL

#: What OpenCC gives -> what people in Taiwan say; in this order.
_WORDS = (
    (
        "# 使用者看到的中文文案：簡短、友善、有用。",
        "# 由 zh-Hans.ftl 產生：python -m bot.wording.traditional",
    ),
    ("“", "「"),
    ("”", "」"),
    ("檢視", "查看"),
    ("視訊記憶體", "顯示記憶體"),
    ("許可權", "權限"),
    ("謝謝反饋", "謝謝你的意見"),
    ("比如，", "例如，"),
    ("暫時不可用", "暫時無法使用"),
    ("@頻道名。", "@頻道名稱。"),
    ("彙總", "彙整"),
    ("推送", "推播"),
    ("免打擾", "勿擾"),
    ("這個訂閱已經退訂了", "這個訂閱已經取消了"),
    ("已退訂全部", "已取消全部"),
    ("不需要退訂", "不需要取消"),
    ("退訂", "取消訂閱"),
    ("命令", "指令"),
    ("日誌", "紀錄檔"),
    ("私聊", "私訊"),
    ("群組", "群"),
    ("群", "群組"),
    ("回復", "回覆"),
    ("大傢", "大家"),
    ("這條", "這則"),
    ("一條", "一則"),
    (" } 條", " } 則"),
    ("發 /start", "傳送 /start"),
    (" 條全文", " 則全文"),
    ("鐘點", "時間"),
    ("發給我", "傳給我"),
    ("發訊息", "傳訊息"),
    ("給我發", "傳給我"),
    ("發問題給我", "傳問題給我"),
    ("把我設為", "將我設為"),
    ("再發一次", "再傳一次"),
    ("我發的訊息", "我傳的訊息"),
    ("後再發。", "後再傳。"),
    ("不會再發。", "不會再傳。"),
    ("就發\n", "就傳\n"),
    ("補發", "補傳"),
    ("沒發出", "沒傳出"),
    ("臺北", "台北"),
    ("迪拜", "杜拜"),
    ("悉尼", "雪梨"),
    ("/language 中文", "/language 繁體"),
    ("時區 成都", "時區 高雄"),
    ("時區 上海", "時區 台北"),
)


def traditional(simplified: str) -> str:
    """A catalogue's source, or a sentence, in Traditional characters."""
    import opencc

    converted = str(opencc.OpenCC("s2twp").convert(simplified))
    for given, said in _WORDS:
        converted = converted.replace(given, said)
    return converted


def main() -> None:
    """Write the catalogue anew."""
    folder = Path(__file__).parent
    source = (folder / f"{CHINESE}.ftl").read_text(encoding="utf-8")
    (folder / f"{TRADITIONAL}.ftl").write_text(traditional(source), encoding="utf-8")


if __name__ == "__main__":
    main()
