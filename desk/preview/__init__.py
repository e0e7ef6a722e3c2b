"""The light table: a page on which a designer sees a template change as its files change."""
