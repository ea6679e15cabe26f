import Hummingbird
import ArgumentParser
import Configuration
import Crypto
import Logging
import ServiceLifecycle
print("pagerpal")
