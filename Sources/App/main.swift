import ArgumentParser
import Configuration
import Crypto
import Hummingbird
import Logging
import ServiceLifecycle

print("pagerpal")
