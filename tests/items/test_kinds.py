"""Kinds of item: checks that every kind must pass, and what is particular to each."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from labelwright import encoders, items
from labelwright.errors import InputError
from labelwright.items import duplicates
from labelwright.items import image as image_module
from labelwright.items.base import Content, ItemKind
from labelwright.registry import plugins

WORDS = "river stone cloud bird lamp paper glass iron wood alpha beta gamma delta"


def png(seed: int, size: int = 40, form: str = "PNG") -> bytes:
    from PIL import Image

    rng = np.random.default_rng(seed)
    base = rng.integers(0, 255, (5, 5), dtype=np.uint8)
    image = Image.fromarray(base).resize((size, size))
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def cells(name: str, k: int) -> dict[str, Any]:
    rng = np.random.default_rng(k)
    if name == "text":
        return {"text": " ".join(rng.choice(WORDS.split(), 12)) + f" {k}"}
    if name == "image":
        return {"image": png(k)}
    return {"a": float(rng.normal()), "b": ["red", "green", "blue"][k % 3], "c": None if k % 5 == 0 else int(k)}


KINDS = ("text", "image", "table")


def contents(kind: ItemKind, n: int = 30) -> list[Content]:
    return [kind.content(cells(kind.name, k)) for k in range(n)]


def test_these_are_all_kinds() -> None:
    assert set(items.names()) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_equal_contents_have_equal_hashes_and_others_do_not(name: str) -> None:
    kind = items.make(name)
    hashes = [kind.content_hash(c) for c in contents(kind)]
    assert hashes == [kind.content_hash(c) for c in contents(kind)]
    assert len(set(hashes)) == len(hashes) and all(len(h) == 32 for h in hashes)


def encoders_of() -> list[tuple[str, str]]:
    known = plugins("labelwright.encoders", encoders.Encoder)
    able = (kind for kind in known.values() if not (kind.takes or kind.packages or kind.comes_with_items))
    fitted = [kind() for kind in able]
    return [(encoder.name, kind) for encoder in fitted for kind in encoder.items]


@pytest.mark.parametrize(("name", "item_kind"), encoders_of())
def test_features_are_finite_stable_and_survive_a_file(name: str, item_kind: str) -> None:
    kind = items.make(item_kind)
    made = contents(kind)
    encoder = encoders.make(name).fit(made)
    X = encoder.transform(made)
    assert X.shape[0] == len(made) and X.dtype == np.float32 and np.isfinite(X).all()
    again = encoders.load(name, encoder.dump())
    assert np.allclose(again.transform(made), X, atol=1e-5)
    parts = np.concatenate([encoder.transform(made[:7]), encoder.transform(made[7:])])
    assert np.allclose(parts, X, atol=1e-5)  # a row does not depend on its neighbours
    assert not np.allclose(X[0], X[1])


@pytest.mark.parametrize("name", KINDS)
def test_signatures_and_previews(name: str) -> None:
    kind = items.make(name)
    made = contents(kind)
    signatures = kind.signatures(made)
    assert signatures.shape == (len(made), kind.signature_words)
    for one in made:
        body = one.body if one.media is None else {**one.body, "media": "x.png"}
        line = kind.preview(body)
        assert line and "\n" not in line and len(line) < 500
    hashes = np.array([kind.content_hash(c).encode() for c in [*made, made[3]]], dtype="S32")
    first = duplicates.group(kind, hashes, np.concatenate([signatures, signatures[3:4]]))
    assert first[-1] == 3 and (first[:3] == np.arange(3)).all()


def test_the_same_picture_at_another_size_or_format_is_near() -> None:
    kind = items.make("image")
    made = [
        kind.content({"image": png(1, 64)}),
        kind.content({"image": png(1, 48)}),
        kind.content({"image": png(2, 64)}),
    ]
    hashes = np.array([kind.content_hash(c).encode() for c in made], dtype="S32")
    assert len(set(hashes.tolist())) == 3
    first = duplicates.group(kind, hashes, kind.signatures(made))
    assert first[2] == 2


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_formats_of_images(form: str) -> None:
    content = items.make("image").content({"image": png(1, form=form)})
    assert (content.body["width"], content.body["height"]) == (40, 40) and content.suffix


DATA_URLS = ["data:image/png;base64,AAAA", "data:image/png;base64,A", "data:image/png;base64,ä", "data:,x", "data:"]


def damaged() -> list[bytes]:
    """Images with bytes that were changed, which make Pillow raise many kinds of errors."""
    rng, found = np.random.default_rng(0), []
    for form in ("PNG", "GIF", "BMP", "WEBP", "TIFF"):
        for _ in range(20):
            data = bytearray(png(1, form=form))
            for at in rng.integers(0, min(len(data), 200), 6):
                data[at] = rng.integers(256)
            found.append(bytes(data))
    return found


@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow, about metadata
def test_a_damaged_image_is_decoded_or_refused() -> None:
    kind, n_refused = items.make("image"), 0
    for data in damaged():
        try:
            kind.signatures([kind.content({"picture": data})])
        except InputError as error:
            assert "column 'picture'" in error.message
            n_refused += 1
    assert n_refused > 20


def as_png(mode: str, pixels: Any) -> bytes:
    """16-bit, integer or float pixels as an image file."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "TIFF" if mode != "I;16" else "PNG")
    return out.getvalue()


DEEP = {"I;16": (np.uint16, 65535), "I": (np.int32, 65535), "F": (np.float32, 1.0), "F 255": (np.float32, 255.0)}


@pytest.mark.parametrize("mode", DEEP)
def test_deep_pixels_are_gray_for_the_model_and_the_screen(mode: str) -> None:
    from PIL import Image

    kind, (dtype, end) = items.make("image"), DEEP[mode]
    ramp = np.tile(np.linspace(0, end, 32), (32, 1)).astype(dtype)
    content = kind.content({"image": as_png(mode, ramp)})
    gray = image_module.gray_pixels(content, 32)
    assert np.abs(gray - np.linspace(0, 1, 32)).max() < 0.01
    assert content.media is not None
    shown = np.asarray(Image.open(io.BytesIO(image_module.for_screen(content.media))).convert("L"))
    assert np.abs(shown / 255 - np.linspace(0, 1, 32)).max() < 0.01


@pytest.mark.parametrize("pixels", [[[-5.0, 5.0]], [[np.nan, 2.0]], [[3e9, 3e9]]], ids=["negative", "nan", "flat"])
def test_any_float_pixels_are_taken(pixels: Any) -> None:
    content = items.make("image").content({"image": as_png("F", np.array(pixels, dtype=np.float32))})
    gray = image_module.gray_pixels(content, 4)
    assert np.isfinite(gray).all() and gray.min() >= 0 and gray.max() <= 1


@pytest.mark.parametrize("cell", [b"", b"not an image", png(1)[:50], 3, None, *DATA_URLS])
def test_what_is_no_image_is_refused_with_its_column(cell: Any) -> None:
    with pytest.raises(InputError, match="column 'picture'"):
        items.make("image").content({"picture": cell})


def test_an_image_that_is_too_large_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    from labelwright.items import image

    monkeypatch.setattr(image, "MAX_PIXELS", 1000)
    with pytest.raises(InputError, match="at most 1,000 pixels"):
        items.make("image").content({"image": png(1)})


@pytest.mark.parametrize("cell", ["", "   ", None, float("nan")])
def test_an_empty_text_is_refused(cell: Any) -> None:
    with pytest.raises(InputError, match="text"):
        items.make("text").content({"text": cell})


def test_table_rows_with_missing_and_unseen_values_are_encoded() -> None:
    kind = items.make("table")
    encoder = encoders.make("columns").fit(contents(kind))
    odd = [kind.content({"a": None, "b": "never seen", "c": 1e12}), kind.content({"a": "text?", "b": None, "c": None})]
    X = encoder.transform(odd)
    assert np.isfinite(X).all() and X.shape[1] == encoder.transform(contents(kind)).shape[1]


def test_one_item_is_enough_to_fit() -> None:
    for name in KINDS:
        kind = items.make(name)
        one = contents(kind, 1)
        assert np.isfinite(encoders.make(encoders.default(name)).fit(one).transform(one)).all(), name


def test_every_kind_has_an_encoder_that_reads_it() -> None:
    for name in KINDS:
        assert name in encoders.make(encoders.default(name)).items
    with pytest.raises(InputError, match="kind of item"):
        encoders.default("smell")
    with pytest.raises(InputError, match="Did you mean 'tfidf'"):
        encoders.make("tfdif")
