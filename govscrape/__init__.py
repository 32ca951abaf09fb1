"""The application: command line, spiders, site specs; and the library face."""
