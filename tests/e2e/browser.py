"""Chromium for the tests, without the pages that its own window loads beside each of ours.

The suggestions under an address bar are pages of some hundred modules, drawn for every new
context: over a third of a test's work, for what no test sees.
"""

from typing import Final

from playwright.sync_api import Browser, BrowserType

from local.find_browser import find_browser

# What Playwright turns off; Chromium goes by the last list alone, which is ours.
PLAYWRIGHTS: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
WINDOWS: Final = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "PreloadTopChromeWebUI")


def launched(chromium: BrowserType, *arguments: str) -> Browser:
    """Start a browser.

    Raises:
        FileNotFoundError: there is none.
    """
    path = find_browser()
    if path is None:
        raise FileNotFoundError("these tests need Chromium: sudo apt-get install chromium")
    turned_off = ",".join((*PLAYWRIGHTS, *WINDOWS))
    # No sandbox: it needs rights that containers and root do not have; pages are ours.
    return chromium.launch(
        executable_path=path,
        args=["--no-sandbox", f"--disable-features={turned_off}", *arguments],
    )
