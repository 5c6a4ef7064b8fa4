"""Google Wallet: its account, what speaks to it, and what was said."""

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.secrets import AwsSecrets
from chalicelib.ports import GoogleApi, GoogleCallbacks, GoogleObjects, GoogleRates
from chalicelib.wiring.deployment import Deployment

if TYPE_CHECKING:
    from chalicelib.adapters.google_wallet import Patience


class Google(Deployment):
    """Nothing here is built without an issuer; the key is loaded once."""

    @property
    def has_google(self) -> bool:
        """Return whether members can have an object at Google."""
        return bool(self.settings.google_issuer_id)

    @cached_property
    def google_signer(self) -> Any:
        """Signs save links."""
        from passes.google import GooglePassSigner

        account = self._google_account
        return GooglePassSigner(
            str(account["private_key"]).encode(),
            str(account["private_key_id"]),
            str(account["client_email"]),
            self.settings.google_issuer_id,
            origins=(self.settings.public_url,),
            save_url=self.settings.google_save_url,
        )

    @cached_property
    def google_api(self) -> GoogleApi:
        """Asks Google when nobody waits."""
        from chalicelib.adapters.google_wallet import UNATTENDED

        return self._google_api(UNATTENDED)

    @cached_property
    def google_api_for_shoppers(self) -> GoogleApi:
        """Asks Google while a shopper looks at an empty page."""
        from chalicelib.adapters.google_wallet import ATTENDED

        return self._google_api(ATTENDED)

    def _google_api(self, patience: "Patience") -> GoogleApi:
        from chalicelib.adapters.google_access import AccessTokens
        from chalicelib.adapters.google_wallet import GoogleWallet

        tokens = AccessTokens(
            self._google_account,
            connect_seconds=patience.connect_seconds,
            read_seconds=patience.read_seconds,
        )
        return GoogleWallet(self.settings.google_wallet_url, tokens, patience)

    @cached_property
    def google_callbacks(self) -> GoogleCallbacks:
        """Reads what Google calls back with."""
        from chalicelib.adapters.google_callbacks import SignedCallbacks

        return SignedCallbacks(
            issuer_id=self.settings.google_issuer_id,
            sender=self.settings.google_callback_sender,
            keys_url=self.settings.google_keys_url,
        )

    @cached_property
    def google_objects(self) -> GoogleObjects:
        """What Google was sent, and what it must be."""
        from chalicelib.adapters.dynamo.google_objects import DynamoGoogleObjects

        return DynamoGoogleObjects(self.connection)

    @cached_property
    def google_rates(self) -> GoogleRates:
        """How many requests a second there are left."""
        from chalicelib.adapters.dynamo.google_rates import DynamoGoogleRates

        return DynamoGoogleRates(self.settings.google_issuer_id, self.clock)

    @cached_property
    def _google_account(self) -> Any:
        settings = self.settings
        if settings.google_secret_name:
            client = self.client("secretsmanager")
            return AwsSecrets(client, settings.google_secret_name).read()
        return json.loads(Path(settings.google_service_account_file).read_text())
