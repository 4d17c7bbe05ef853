"""Calibration, benchmarks and ablations of packs on real voices."""
