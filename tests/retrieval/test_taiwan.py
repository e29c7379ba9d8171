"""Questions in Taiwan's words over the mainland's articles and over Taiwan's own. All real."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.embedding import SentenceEmbedder
from retrieval.index.questions import Origin, question_words
from retrieval.index.tokens import may_be_traditional, normalise
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from retrieval.search.taiwan import Reading, reading
from tests.retrieval.library import covered
from tests.retrieval.shelf import Shelf

MAINLAND = {
    "ports": "服务器的端口用完之后,新的连接只能等旧的超时。",
    "passwords": "存储密码要加盐,再用慢的哈希算法,泄露了也难猜出来。",
    "threads": "线程共享内存,进程各有一份,程序崩溃时谁也不拖累谁。",
    "database": "数据库的事务要么全部提交,要么全部回滚。",
    "images": "镜像里的每一层都会缓存,依赖没变就不用重新构建。",
    "bread": "酵母把面粉里的糖变成气泡,面团就慢慢长大。",
}
TAIWAN = {
    "ports": "伺服器的連接埠用完之後,新的連線只能等舊的逾時。",
    "passwords": "儲存密碼要加鹽,再用慢的雜湊演算法,外洩了也難猜出來。",
    "threads": "執行緒共用記憶體,行程各有一份,程式當掉時誰也不拖累誰。",
    "database": "資料庫的交易要嘛全部認可,要嘛全部復原。",
    "images": "映像檔裡的每一層都會快取,相依套件沒變就不用重新建置。",
    "bread": "酵母把麵粉裡的糖變成氣泡,麵團就慢慢長大。",
}
QUESTIONS = {
    "伺服器連接埠用完": "ports",
    "怎樣儲存密碼": "passwords",
    "執行緒和行程的記憶體": "threads",
    "資料庫交易": "database",
    "映像檔的快取": "images",
    "酵母與麵粉": "bread",
}
#: No character of these tells that somebody in Taiwan asks.
UNTOLD = {"伺服器": "ports", "演算法": "passwords", "程式": "threads", "快取": "images"}

Ask = Callable[[str], Answer]


def asking(shelf: Shelf, articles: Mapping[str, str]) -> Ask:
    shelf.gather(*articles.values())
    answerer = Answerer(shelf.archive, shelf.follow(), shelf.embedder)
    answerer.prepare()
    return lambda question: answerer.answer([question])[0]


@pytest.fixture(scope="module")
def mainland(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Ask]:
    shelf = Shelf(tmp_path_factory.mktemp("mainland"), bundled)
    yield asking(shelf, MAINLAND)
    shelf.close()


@pytest.fixture(scope="module")
def taiwan(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Ask]:
    shelf = Shelf(tmp_path_factory.mktemp("taiwan"), bundled)
    yield asking(shelf, TAIWAN)
    shelf.close()


@pytest.mark.parametrize(("question", "key"), [*QUESTIONS.items(), *UNTOLD.items()])
def test_taiwans_words_find_the_mainlands_articles(mainland: Ask, question: str, key: str) -> None:
    answer = mainland(question)
    assert answer.relevant
    assert answer.hits[0].excerpt == MAINLAND[key]


@pytest.mark.parametrize(("question", "key"), [*QUESTIONS.items(), *UNTOLD.items()])
def test_taiwans_words_find_taiwans_articles(taiwan: Ask, question: str, key: str) -> None:
    answer = taiwan(question)
    assert answer.relevant
    assert answer.hits[0].excerpt == TAIWAN[key]


@pytest.mark.parametrize(
    ("theirs", "ours"), [("資料庫交易", "数据库事务"), ("伺服器連接埠用完", "服务器端口用完")]
)
def test_the_same_is_found_as_in_the_mainlands_words(mainland: Ask, theirs: str, ours: str) -> None:
    asked, other = mainland(theirs), mainland(ours)
    assert asked.hits[0].article == other.hits[0].article
    assert asked.confidence == pytest.approx(other.confidence, abs=0.05)


def test_an_archive_of_taiwan_is_asked_in_its_words(
    taiwan: Ask,
) -> None:
    words = covered(taiwan("資料庫"))
    assert words["资料库"].origin is Origin.ITSELF, "as the archive has it, so it is asked"


def test_an_archive_of_both_is_found_whichever_word_is_asked_for(
    tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder
) -> None:
    both = ("資料庫的索引像書的目錄。", "数据库的备份要放在别处。", "数据库的日志先落盘。")
    shelf = Shelf(tmp_path_factory.mktemp("both"), bundled)
    ask = asking(shelf, dict(enumerate(both)))  # type: ignore[arg-type]  # keys are not looked at
    answer = ask("資料庫")
    assert {hit.excerpt for hit in answer.hits if hit.relevant} == set(both)
    (index,) = [hit for hit in answer.hits if hit.excerpt == both[0]]
    assert index.evidence is not None
    (word,) = [word for word in index.evidence.words if word.text == "数据库"]
    assert (word.form, word.origin) == ("资料库", Origin.REGION)
    shelf.close()


def test_a_quoted_phrase_stands_as_it_is_quoted(mainland: Ask, taiwan: Ask) -> None:
    assert not mainland('"資料庫的交易"').hits
    assert taiwan('"資料庫的交易"').hits


def test_excluded_words_are_as_they_are(taiwan: Ask) -> None:
    answer = taiwan("資料庫 -資料庫的交易")
    assert TAIWAN["database"] not in {hit.excerpt for hit in answer.hits}


@pytest.mark.parametrize(
    ("question", "standing", "read"),
    [
        ("資料庫的執行緒", {"数据库": 3, "线程": 1}, "数据库的线程"),
        ("資料庫的執行緒", {"资料库": 3, "执行绪": 1}, "資料庫的執行緒"),
        ("資料庫的執行緒", {"资料库": 3, "数据库": 2, "线程": 1}, "资料库的线程"),
        ("資料庫的執行緒", {}, "数据库的线程"),
        ("儲存密碼", {"保存": 2}, "保存密码"),
        ("儲存密碼", {"保存": 2, "存储": 1}, "存储密码"),
        ("影格對齊", {"帧": 9, "影格": 1}, "影格對齊"),
        ("資料庫交易隔離", {"资料库": 2, "交易": 1}, "資料庫交易隔離"),
        ("資料庫交易隔離", {"数据库": 2, "事务": 1, "交易": 1}, "数据库事务隔离"),
        ("訊息佇列", {"消息": 5, "队列": 5, "消息队列": 0}, "消息队列"),
        ("义大利的数据库", {"意大利": 1}, "义大利的数据库"),
        ("義大利", {"意大利": 1}, "意大利"),
        ("伺服器", {"服务器": 1}, "服务器"),
        ("伺服器", {"服务器": 9, "伺服器": 1}, "伺服器"),
        ("伺服器没有响应", {"服务器": 1}, "伺服器没有响应"),
        ("天氣怎麼樣", {"天气": 1}, "天氣怎麼樣"),
        ("Why is my 数据库 slow?", {}, "Why is my 数据库 slow?"),
        ("", {}, ""),
    ],
)
def test_a_question_is_read_in_the_words_that_stand_there(
    question: str, standing: Mapping[str, int], read: str
) -> None:
    assert reading(question, lambda name: standing.get(name, 0)).text == read


def test_a_longer_name_is_no_sum_of_shorter_ones() -> None:
    """位元組 is a byte, 位元 a bit."""
    (called,) = reading("一個位元組", lambda name: 0).called
    assert called.name == "字节"


@settings(deadline=None)
@given(st.text() | st.text("資料庫位元組執行緒个 a-\"'1"))
def test_any_text_is_read_and_others_are_left_alone(text: str) -> None:
    asked = reading(text, lambda name: len(name) % 3)
    if not may_be_traditional(text):
        assert asked == Reading(text)
        words = question_words(text)
        assert asked.widened(words) == words
    if not asked.called:
        assert asked.text == text
    else:
        assert all(called.name in normalise(asked.text) for called in asked.called)
    assert {word.text for word in question_words(asked.text)} <= {
        word.text for word in asked.widened(question_words(asked.text))
    }
