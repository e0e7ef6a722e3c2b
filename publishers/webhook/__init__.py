"""A signed call to whoever publishes for the office: the city's app, a data bus, a portal without an API of its own."""
