"""The agency's pages about handing things to somebody outside; the merchant's are in `portal.merchant`."""
