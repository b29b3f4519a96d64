"""The whole record of a guide, in the words of a catalogue file: every element of the national list."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from matters.domain import catalogue

Output = serializers.Serializer[Any]


def _texts(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), **options)


class RecordLimitSerializer(Output):
    days = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField(allow_null=True, help_text="、".join(catalogue.LIMIT_UNITS))
    note = serializers.CharField()
    basis = serializers.CharField(allow_null=True, help_text="curated 与 law_knowledge 是示例数据")


class RecordBasisSerializer(Output):
    law = serializers.CharField()
    doc_no = serializers.CharField()
    articles = _texts()


class RecordMaterialSerializer(Output):
    name = serializers.CharField()
    form = serializers.CharField()
    originals = serializers.IntegerField()
    copies = serializers.IntegerField()
    view_original = serializers.BooleanField()
    medium = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    issuer = serializers.CharField()
    necessity = serializers.CharField(allow_null=True, help_text="、".join(catalogue.NECESSITIES))
    necessity_note = serializers.CharField()
    shareable = serializers.BooleanField()
    template = serializers.BooleanField()
    note = serializers.CharField()
    standard = serializers.CharField(help_text="受理标准")
    legal_ground = serializers.CharField()
    grade = serializers.CharField(allow_null=True, help_text="、".join(catalogue.GRADES))
    intermediary = serializers.CharField()
    fill_note = serializers.CharField()
    blank = serializers.CharField(help_text="空表文件名")
    sample = serializers.CharField(help_text="样表文件名")


class RecordStepSerializer(Output):
    seq = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.CharField(help_text="、".join(catalogue.LEVELS))
    actor = serializers.CharField()
    kind = serializers.CharField(help_text="、".join(catalogue.STEP_KINDS))
    days = serializers.IntegerField()
    unit = serializers.CharField(allow_null=True)
    counts_in_limit = serializers.BooleanField()
    standard = serializers.CharField(help_text="审查标准")
    result = serializers.CharField()


class RecordFeeItemSerializer(Output):
    name = serializers.CharField()
    standard = serializers.CharField()
    basis = serializers.CharField()


class RecordFeeSerializer(Output):
    charged = serializers.BooleanField(allow_null=True)
    standard = serializers.CharField()
    basis = serializers.CharField()
    items = RecordFeeItemSerializer(many=True)


class RecordResultSerializer(Output):
    name = serializers.CharField()
    type = serializers.CharField()
    validity = serializers.CharField()
    sample = serializers.CharField()


class RecordProvenanceSerializer(Output):
    sources = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    composed = _texts(help_text="示例数据的要素：" + "、".join(catalogue.COMPOSABLE))


class RecordVariantSerializer(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    note = serializers.CharField()


class RecordTopicsSerializer(Output):
    personal = _texts()
    legal = _texts()


class RecordOptionSerializer(Output):
    text = serializers.CharField()
    materials = _texts()
    refusal = serializers.CharField()


class RecordQuestionSerializer(Output):
    text = serializers.CharField()
    options = RecordOptionSerializer(many=True)


class RecordAnswerSerializer(Output):
    question = serializers.CharField()
    answer = serializers.CharField()


class RecordSerializer(Output):
    """What PUT guide-drafts/{id}/ takes as `content` and GET matters/{code}/ gives as `record`."""

    id = serializers.CharField()
    name = serializers.CharField()
    aliases = _texts()
    type = serializers.CharField()
    theme = serializers.CharField()
    department = serializers.CharField(help_text="部门简称")
    department_full = serializers.CharField()
    handling_organ = serializers.CharField()
    decision_level = serializers.CharField()
    accept_levels = _texts()
    village_role = serializers.CharField(allow_null=True, help_text="、".join(catalogue.VILLAGE_ROLES))
    service_objects = _texts()
    handling_type = serializers.CharField(allow_null=True, help_text="、".join(catalogue.HANDLING_TYPES))
    statutory_limit = RecordLimitSerializer(allow_null=True)
    promised_limit = RecordLimitSerializer()
    legal_basis = RecordBasisSerializer(many=True)
    conditions = _texts()
    materials = RecordMaterialSerializer(many=True)
    steps = RecordStepSerializer(many=True)
    fee = RecordFeeSerializer()
    result = RecordResultSerializer()
    onsite_visits = serializers.IntegerField(allow_null=True)
    provenance = RecordProvenanceSerializer()
    confidence = serializers.CharField(allow_null=True)
    notes = serializers.CharField()
    core = serializers.BooleanField()
    basic_code = serializers.CharField(help_text="基本编码，12 位")
    task_code = serializers.CharField(help_text="实施编码，31 位")
    parent_code = serializers.CharField()
    variants = RecordVariantSerializer(many=True)
    organ_kind = serializers.CharField(allow_null=True, help_text="、".join(catalogue.ORGAN_KINDS))
    power_source = serializers.CharField(allow_null=True, help_text="、".join(catalogue.POWER_SOURCES))
    entrusted_by = serializers.CharField()
    topics = RecordTopicsSerializer()
    life_events = _texts()
    provincial_limit = RecordLimitSerializer(allow_null=True)
    visits_note = serializers.CharField()
    channels = _texts()
    reach = serializers.CharField(allow_null=True, help_text="、".join(catalogue.REACHES))
    booking = serializers.CharField()
    pays_online = serializers.BooleanField(allow_null=True)
    shipped = serializers.BooleanField(allow_null=True)
    place = serializers.CharField()
    hours = serializers.CharField()
    consult = serializers.CharField()
    complaint = serializers.CharField()
    remedies = serializers.CharField()
    questions = RecordQuestionSerializer(many=True)
    faq = RecordAnswerSerializer(many=True)
