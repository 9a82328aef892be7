"""Images by a network of timm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from labelwright.encoders.pictures import as_tensor
from labelwright.encoders.pretrained import Pretrained, Run, digest_of, no_weights
from labelwright.errors import InputError
from labelwright.items.base import Content


class Timm(Pretrained):
    """``timm:NAME@FILE``: the network of that name with the weights of a file, its last layer left out.

    ``timm:NAME`` takes the weights that were fetched before.
    """

    name: ClassVar[str] = "timm"
    items: ClassVar[tuple[str, ...]] = ("image",)
    takes: ClassVar[str] = "NAME[@FILE]"
    packages: ClassVar[tuple[str, ...]] = ("timm", "torch")
    extra: ClassVar[str] = "timm"
    licence: ClassVar[str] = "the model's own"

    def weights(self) -> str:
        """A digest of the file of weights."""
        return digest_of([self._file()])

    def open(self) -> Run:
        """Make the network and load its weights."""
        import timm
        import torch

        network: Any = timm.create_model(
            self.argument.partition("@")[0],
            pretrained=True,
            num_classes=0,
            pretrained_cfg_overlay={"file": str(self._file())},
        )
        network.eval()
        told = network.pretrained_cfg
        side, mean, spread = int(told["input_size"][-1]), tuple(told["mean"]), tuple(told["std"])

        def run(contents: Sequence[Content]) -> Any:
            batch = torch.stack([torch.from_numpy(as_tensor(one, side, mean, spread)) for one in contents])
            with torch.inference_mode():
                return network(batch).float().numpy()

        return run

    def _file(self) -> Path:
        import timm

        name, _, file = self.argument.partition("@")
        if not timm.is_model(name):
            raise InputError(f"encoders: timm has no network '{name}'.", "timm.list_models() names them.")
        if file:
            path = Path(file).expanduser()
            if not path.is_file():
                raise no_weights(self.spec.text, "a file on this machine", "put them there.")
            return path
        from huggingface_hub import try_to_load_from_cache

        hub = timm.get_pretrained_cfg_value(name, "hf_hub_id")
        for candidate in ("model.safetensors", "pytorch_model.bin"):
            known = try_to_load_from_cache(str(hub), candidate) if hub else None
            if isinstance(known, str):
                return Path(known)
        how = f"fetch them once with 'hf download {hub}', or name a file: timm:{name}@FILE."
        raise no_weights(self.spec.text, "in the cache of huggingface_hub", how)
