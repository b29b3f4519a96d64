import django.contrib.postgres.indexes
from django.db import migrations

import matters.querysets

# PostgreSQL's own trigrams are an extension that not every server has; pairs are what Chinese is searched by anyway.
# The cost is told high, so that no plan reckons the pairs of every row instead of reading the index.
FUNCTION = r"""
CREATE FUNCTION search_grams(line text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
  SELECT array_agg(DISTINCT gram) FROM (
    SELECT unnest(ARRAY[one, one || lead(one) OVER (ORDER BY at)]) AS gram
    FROM unnest(string_to_array(line, NULL)) WITH ORDINALITY AS letter(one, at)
  ) AS grams WHERE gram IS NOT NULL AND gram !~ '\n'
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0016_apart")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_grams(text)"),
        migrations.AddIndex(
            model_name="matter",
            index=django.contrib.postgres.indexes.GinIndex(
                matters.querysets.SearchGrams("search_text"), name="matter_by_grams"
            ),
        ),
    ]
