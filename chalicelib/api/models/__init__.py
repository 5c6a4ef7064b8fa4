"""Request and answer models: the contract of the JSON API, from which OpenAPI is made."""
