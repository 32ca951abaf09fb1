"""Thin pipelines over cleaners and output: the crawl's item pipelines and the dump run."""
