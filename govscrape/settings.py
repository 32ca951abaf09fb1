"""Scrapy settings: safe and gentle by default. What a site needs besides stands in its spec."""

import os

from govscrape.namesakes import check_namesakes

check_namesakes()  # before the imports that a namesake would answer: `scrapy` reads these settings first

from govscrape.guards import FollowMetaRefresh, KeepRaw, NoChallenge, OnSiteOnly, PublicAddressesOnly
from govscrape.politeness import CrawlDelayParser, HostLimits, Politeness, RobotsTxt
from govscrape.scheduler import FrontierScheduler
from govscrape.wire import WireHandler
from output.build import own_version
from pipelines.crawl import ITEM_PIPELINES as STAGES

BOT_NAME = "govscrape"
SPIDER_MODULES = ["govscrape.spiders"]

CONTACT = os.environ.get("GOVSCRAPE_CONTACT", "")  # an address or page of the operator, for the sites' administrators
USER_AGENT = f"govscrape/{own_version()}" + (f" (+{CONTACT})" if CONTACT else "")
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh",
    "Accept-Encoding": "gzip, deflate",
}

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
ROBOTSTXT_PARSER = CrawlDelayParser
COOKIES_ENABLED = False
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 1  # the stages wait for nothing; more would only start idle tasks, that many for each response
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes, also after decompression; the largest article pages seen have under 2 MB
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
SCHEDULER = FrontierScheduler
DOWNLOADER = HostLimits
REDIRECT_MAX_TIMES = 5

DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), WireHandler) | dict.fromkeys(("data", "file", "ftp", "s3"))
HTTPPROXY_ENABLED = False  # a proxy would resolve names itself, behind the check of addresses
TWISTED_DNS_RESOLVER = PublicAddressesOnly
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    OnSiteOnly: 50,
    RobotsTxt: 100,
    NoChallenge: 560,
    Politeness: 570,  # between retries and decompression: every attempt counts, and its body can be read
    FollowMetaRefresh: 580,
    KeepRaw: 870,
}
SPIDER_MIDDLEWARES = {  # the state counts, the spider bounds; each would cost as much as the state itself
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the callbacks' source anew for every fourth page
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
EXTENSIONS = {"scrapy.extensions.corestats.CoreStats": None, "scrapy.extensions.logstats.LogStats": None}
ITEM_PIPELINES = STAGES

LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"
