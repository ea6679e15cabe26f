-- A person's latest snooze, escalation or hand-over of an incident, so that it can be taken back.
ALTER TABLE incidents ADD COLUMN latest_deed TEXT;
