"""The site that all services act on: settings, store, who is who; a check of the installation; the demos."""

from labelwright.services.site.site import Cache, Site

__all__ = ["Cache", "Site"]
