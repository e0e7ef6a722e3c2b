"""The office as data, for programs: the same services as the pages, with problems as RFC 9457 has them."""
