"""The design system every screen of the service is built with."""
