-- What people type for a deal: the end of its id, as tables show it. Random in every version of
-- UUID that is used here, so that it seldom means two.
CREATE INDEX deal_short_id ON deal (right(id::text, 8));
