"""A site of plain files that any web server can show: the portal of an office that has none."""
