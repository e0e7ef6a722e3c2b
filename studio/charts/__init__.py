"""The kinds of chart, each a function from rows and a box to drawings."""
