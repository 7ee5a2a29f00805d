"""The local HTTP API: `guard` decides who may ask, `routes` translate, `app.service` answers."""
