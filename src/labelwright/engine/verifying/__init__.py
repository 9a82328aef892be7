"""Is the record whole? Chain, projections, imports, arrays, anchors and receipts; and replay."""

from labelwright.engine.verifying.replay import replay_rounds
from labelwright.engine.verifying.report import Report
from labelwright.engine.verifying.run import verify, verify_site

__all__ = ["Report", "replay_rounds", "verify", "verify_site"]
