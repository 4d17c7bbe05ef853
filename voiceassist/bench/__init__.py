"""Memory and latency of model packs on this machine, measured in fresh processes."""
