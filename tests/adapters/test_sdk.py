"""Sessions of the AWS SDK share its tables, and nothing else."""

from chalicelib.adapters.sdk import new_session


def test_what_the_sdk_says_of_its_services_is_read_once() -> None:
    one, other = new_session(), new_session()

    assert one.get_data("endpoints") is other.get_data("endpoints")


def test_the_table_is_reached_over_the_same(connection) -> None:
    session = connection.session

    assert session.get_data("endpoints") is new_session().get_data("endpoints")


def test_each_has_credentials_of_its_own() -> None:
    one, other = new_session(), new_session()

    one.set_credentials("of one", "secret")
    other.set_credentials("of other", "secret")

    assert one.get_credentials().access_key == "of one"
    assert other.get_credentials().access_key == "of other"
