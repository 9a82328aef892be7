"""How good the published model is on the reserve: metrics, classes, slices, windows, calibration, errors, people."""
