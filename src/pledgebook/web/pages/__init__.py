"""The pages: one module each, with a `router`; a new page is a module and a template."""
