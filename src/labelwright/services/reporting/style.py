"""The style of the report: black on white, for the screen and for A4."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1d1f24; font: 15px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #c4c4bc; break-after: avoid; }
h3 { font-size: 15px; margin: 16px 0 4px; break-after: avoid; }
p { margin: 0 0 8px; max-width: 68ch; overflow-wrap: anywhere; }
ul { margin: 0; padding-inline-start: 20px; }
li { overflow-wrap: anywhere; }
.lead { font-size: 17px; }
.quiet, figcaption { color: #5c6069; font-size: 13px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; margin: 4px 0 8px; }
table { font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid #deded8; text-align: start; vertical-align: top; }
td { overflow-wrap: anywhere; }
thead th { color: #5c6069; font-weight: 500; }
tbody th { font-weight: 500; width: 34%; }
.number { text-align: end; white-space: nowrap; }
.narrow { white-space: nowrap; }
tr, figure { break-inside: avoid; }
figure { margin: 8px 0; }
svg { width: 100%; height: auto; }
svg text { font: 12px system-ui, Arial, sans-serif; fill: #333; }
@media screen { table:has(th:nth-child(6)) { min-width: 660px; } }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  thead { display: table-header-group; }
}
"""
