"""The office's own portal on WordPress, over its REST API with an application password."""
