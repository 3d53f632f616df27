-- Bundles without their body: few, if any, and asked for with each count and digest.
CREATE INDEX content_withheld ON content (position) WHERE body IS NULL;
