"""No table of its own. Django tells only applications with a models module that a migration has ended."""
