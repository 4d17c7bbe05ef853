"""What a model pack costs on this machine, measured in fresh processes."""
