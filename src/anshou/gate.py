"""From a cookie or an API key to the tenant, the person and the transaction; shared by the doors."""
