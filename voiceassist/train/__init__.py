"""Training: data, model, fitting and export. The only package that may import torch."""
