"""Teams, users and alert sources, made by PagerPal itself."""
import json
import tempfile


def team(title, people, ways, steps, has_schedule=False):
    """Returns the file's entries for a team of so many people, whose default policy has these steps.

    A way is a channel, an address in which {number} stands for the person's, and seconds after the start of a step.
    """
    users = []
    for number in range(people):
        addresses = [(channel, address.format(number=number), delay) for channel, address, delay in ways]
        users.append({
            "name": f"{title} {number}", "email": f"{title}{number}@example.com".lower(),
            "contact_methods": [
                {"channel": channel, "address": address, "verified": True} for channel, address, _ in addresses],
            "notification_rules": [
                {"urgency": "high", "delay_seconds": delay, "contact_method": f"{channel} {address}"}
                for channel, address, delay in addresses]})
    emails = [user["email"] for user in users]
    layer = {"name": "Weekly", "participants": emails, "start": "2026-01-05", "rotation": {"unit": "week", "count": 1}}
    schedule = {"name": title, "team": title, "time_zone": "Europe/Zagreb", "layers": [layer]}
    return {
        "users": users, "teams": [{"name": title, "members": emails, "default_policy": title}],
        "schedules": [schedule] if has_schedule else [],
        "escalation_policies": [{"name": title, "team": title, "steps": steps}]}


def apply(process, *teams):
    """Applies a file with these teams."""
    document = {"version": 1}
    for entries in teams:
        for kind, values in entries.items():
            document.setdefault(kind, []).extend(values)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", prefix="pagerpal-bench-") as file:
        json.dump(document, file)
        file.flush()
        process.command("apply", file.name)


def create_source(process, title):
    """Returns the key of a new alert source of a team."""
    return json.loads(process.command("create-source", "--name", title, "--team", title, "--json"))["key"]


def add_source(process, token, name, team_id):
    """Returns the key of a new alert source, which the running process makes. That is faster than a command."""
    body = json.dumps({"name": name, "team_id": team_id})
    status, answer = process.request("POST", "/api/v1/alert-sources", body, Authorization=f"Bearer {token}")
    assert status == 201, (status, answer)
    return json.loads(answer)["key"]
