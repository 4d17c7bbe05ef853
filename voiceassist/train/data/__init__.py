"""Training data: corpora, alignment, soft labels, augmentation and batches."""
