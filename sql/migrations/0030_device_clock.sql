-- A device's clock may be wrong (domain.md 3.4): recorded_at is by the daemon's clock, as the
-- client worked it out; this is what the device's own clock said.
ALTER TABLE fact ADD COLUMN device_recorded_at timestamptz;
ALTER TYPE fact_in ADD ATTRIBUTE device_recorded_at timestamptz;
ALTER TYPE judged_fact_in ADD ATTRIBUTE device_recorded_at timestamptz;
