-- A lease for each duty. Both go on from the one that was for both, so epochs never go back. Without its row, a process
-- of an older version can write nothing more under it.
INSERT INTO leases (name, holder, epoch, expires_at)
SELECT 'escalation', holder, epoch, expires_at FROM leases WHERE name = 'scheduler';
INSERT INTO leases (name, holder, epoch, expires_at)
SELECT 'dispatch', holder, epoch, expires_at FROM leases WHERE name = 'scheduler';
DELETE FROM leases WHERE name = 'scheduler';
