"""Facebook Page, over plain HTTP on Graph v26.0."""
