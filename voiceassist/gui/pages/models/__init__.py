"""The Models page: what each model costs and how well it understands."""
