"""Photos that came with a complaint: a part of what was said, which nobody adds to, changes or takes away."""

import django.db.models.deletion
from django.db import migrations, models

from supervision.domain.voices import MOST_PHOTOS

FORWARD = f"""
-- Photos are there before the first act, which is written with the complaint: afterwards nobody adds any.
CREATE FUNCTION supervision_guard_voice_photo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v supervision_voice;
BEGIN
  SELECT * INTO v FROM supervision_voice WHERE id = NEW.voice_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM supervision_voiceact a WHERE a.voice_id = v.id) THEN
    RAISE EXCEPTION 'a photo comes with the complaint' USING ERRCODE = 'restrict_violation';
  END IF;
  IF v.kind = 'inquiry'
     OR (SELECT count(*) FROM supervision_voicephoto p WHERE p.voice_id = v.id) >= {MOST_PHOTOS} THEN
    RAISE EXCEPTION 'no more than so many photos, of a complaint' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_number BEFORE INSERT ON supervision_voicephoto
  FOR EACH ROW EXECUTE FUNCTION halls_own_number('supervision_voicephoto_id_seq');
CREATE TRIGGER guard_new BEFORE INSERT ON supervision_voicephoto
  FOR EACH ROW EXECUTE FUNCTION supervision_guard_voice_photo();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON supervision_voicephoto
  FOR EACH ROW EXECUTE FUNCTION halls_refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON supervision_voicephoto
  FOR EACH STATEMENT EXECUTE FUNCTION halls_refuse_truncate();
"""
BACKWARD = """
DROP TRIGGER a_number ON supervision_voicephoto;
DROP TRIGGER guard_new ON supervision_voicephoto;
DROP TRIGGER append_only ON supervision_voicephoto;
DROP TRIGGER never_truncated ON supervision_voicephoto;
DROP FUNCTION supervision_guard_voice_photo();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0039_whom_a_complaint_names")]

    operations = [
        migrations.CreateModel(
            name="VoicePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                ("media_type", models.CharField(max_length=32, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "voice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="supervision.voice",
                    ),
                ),
            ],
            options={
                "verbose_name": "投诉照片",
                "verbose_name_plural": "投诉照片",
                "ordering": ("voice", "pk"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="voicephoto_digest"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("media_type__in", ["image/jpeg", "image/png"])),
                        name="voicephoto_is_a_picture",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
