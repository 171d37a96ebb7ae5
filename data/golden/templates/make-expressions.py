"""What Jinja as Transformers sets it up for chat templates renders of small templates. Writes expressions.json beside it.

python make-expressions.py   (transformers 5.23.0, jinja2 3.1.6)
"""

import json
from pathlib import Path

import jinja2
import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template

values = {
    "text": " \n ab \n\n",
    "space": "\u001c x \ufeff",
    "words": "one two  three",
    "names": ["Zoe", "adam", "Bea"],
    "numbers": [3, 1, 2.5],
    "tool": {"name": "w", "list": [1, 2.5, None, True], "quote": "it's", "both": "it's \"so\"", "ü": "é\n"},
    "items": [{"role": "user", "n": 2}, {"role": "tool", "n": 1}, {"role": "user"}],
    "with_none": {"a": None},
    "yes": True,
    "zero": 0,
    "half": 0.5,
    "small": 0.0000125,
}
texts = """
{{ text.strip('\\n') }}|{{ text.lstrip(' \\n') }}|{{ text.rstrip('\\n') }}|{{ text.strip() }}|{{ text.lstrip() }}|{{ text.rstrip() }}
{{ 'xxabxx'.strip('x') }}|{{ 'abcba'.lstrip('ab') }}|{{ 'abcba'.rstrip('ab') }}|{{ text.strip(none) }}
{{ space.strip() }}|{{ space | trim }}|{{ text | trim }}|{{ '--a--' | trim('-') }}|{{ missing | trim }}|{{ 3 | trim }}
{{ '{} and {}'.format(1, 'b') }}|{{ '{0}{1}{0}'.format('a', 'b') }}|{{ '{{}}'.format() }}|{{ '{a}!'.format(a=half) }}
{{ '%s is %d' % ('x', 3) }}
{{ tool }}
{{ tool | string }}
{{ tool.list }}
{{ tool ~ '' }}
{{ 'a' ~ 1 ~ none ~ yes ~ half ~ tool.list }}
{{ none }}|{{ yes }}|{{ not yes }}|{{ zero }}|{{ half }}|{{ small }}|{{ 2.0 }}|{{ 7 / 2 }}|{{ 4 / 2 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ 7 % 3 }}|{{ -7 % 3 }}|{{ 2 ** 3 }}
{{ tool | tojson }}
{{ tool | tojson(indent=2) }}
{{ tool | tojson(ensure_ascii=True) }}
{{ tool | tojson(separators=(',', ':')) }}
{{ '<b>&"' | tojson }}
{{ numbers | min }}|{{ numbers | max }}|{{ numbers | sum }}|{{ names | sort | join(',') }}|{{ names | sort(case_sensitive=true) | join(',') }}
{{ names | join }}|{{ names | first }}|{{ names | last }}|{{ names | length }}|{{ names | count }}|{{ names | reverse | list }}
{{ items | selectattr('role', 'equalto', 'user') | list | length }}|{{ none | selectattr('a') | list | length }}|{{ missing | selectattr('a') | list | length }}
{{ items | rejectattr('role', '==', 'user') | map(attribute='n') | list }}|{{ items | map(attribute='n', default=0) | join('+') }}
{{ items | selectattr('n', 'defined') | list | length }}|{{ items | groupby('role') | length }}
{% for a, b in [('x', 1), ('y', 2)] %}{{ a }}{{ b }};{% endfor %}
{% for k, v in tool.items() %}{{ k }};{% endfor %}|{% for k in tool %}{{ k }};{% endfor %}|{{ tool.keys() | list | length }}|{{ tool.values() | list | length }}
{% for m in missing %}x{% else %}none{% endfor %}|{% for m in items if m.role == 'user' %}{{ loop.index }}{{ loop.last }}{% endfor %}
{% for c in 'abc' %}{{ c }}{{ loop.index0 }}{{ loop.first }}{{ loop.length }}{{ loop.revindex }}{{ loop.previtem is defined }}{{ loop.nextitem }}{% endfor %}
{% set ns = namespace(n=0) %}{% for m in items %}{% set ns.n = ns.n + loop.index %}{% endfor %}{{ ns.n }}
{% macro hi(a, b='c') %}[{{ a }}{{ b }}]{% endmacro %}{{ hi('x') }}{{ hi(b='y', a='z') }}
{{ words.split() }}|{{ words.split(' ') }}|{{ words.split(' ', 1) }}|{{ words.split('t')[-1] }}
{{ words.title() }}|{{ words.upper() }}|{{ 'ABC'.lower() }}|{{ words.capitalize() }}|{{ words.replace('o', '0') }}|{{ words.replace('e', 'E', 1) }}
{{ words.startswith('one') }}|{{ words.startswith(('x', 'one')) }}|{{ words.endswith('e') }}|{{ words.find('two') }}|{{ words.count('e') }}|{{ words.index('two') }}
{{ words[0] }}|{{ words[-1] }}|{{ words[1:3] }}|{{ words[::-1] }}|{{ names[:1] }}|{{ names[-1] }}|{{ numbers[::-1] }}|{{ names[5] is defined }}
{{ 'a' in 'abc' }}|{{ 'x' not in names }}|{{ 'name' in tool }}|{{ 'role' in items[0] }}|{{ 1 in numbers }}|{{ none in [none] }}
{{ tool.get('name') }}|{{ tool.get('x') }}|{{ tool.get('x', 'd') }}|{{ tool['name'] }}|{{ tool.x is defined }}|{{ tool.x }}
{{ missing | default('d') }}|{{ none | default('d') }}|{{ none | default('d', true) }}|{{ '' or 'e' }}|{{ none or [] }}|{{ 0 and 1 }}|{{ 'a' and 'b' }}
{{ none is none }}|{{ 'a' is string }}|{{ 1 is number }}|{{ 1.5 is float }}|{{ tool is mapping }}|{{ names is iterable }}|{{ names is sequence }}|{{ yes is boolean }}|{{ 1 is odd }}|{{ yes is true }}|{{ 'a' is iterable }}|{{ tool is sequence }}
{{ 'a' if zero else 'b' }}|{{ 'a' if zero }}|{{ ('x' if yes else 'y') ~ 'z' }}
{{ names + ['d'] }}|{{ [1] * 2 }}|{{ 'ab' * 2 }}|{{ (1, 2) }}|{{ {'a': [1]} }}|{{ {1: 'a'}[1] }}|{{ [] }}|{{ {} }}
{{ text | length }}|{{ 'ü👩' | length }}|{{ '👩a'[0] }}|{{ '3' | int + 1 }}|{{ '2.5' | float }}|{{ 2.7 | int }}|{{ 2.567 | round(1) }}|{{ -3 | abs }}
{{ range(3) | list }}|{{ range(1, 6, 2) | list }}|{{ range(3) | reverse | list }}
{{ 'a\\nb' | indent(2) }}|{{ 'a\\nb' | indent(2, true) }}|{{ 'a b' | replace(' ', '_') }}|{{ 'AbC' | lower }}|{{ 'abc' | upper }}|{{ 'abc' | capitalize }}|{{ 'a b' | title }}
{{ [3, 1] | sort }}|{{ [3, 1] | sort(reverse=true) }}|{{ items | sort(attribute='role') | map(attribute='role') | list }}|{{ [1, 1, 2] | unique | list }}
{{ tool | items | list | length }}|{{ tool | dictsort | first | first }}|{{ names | select('in', ['Zoe']) | list }}|{{ [0, 1] | select | list }}|{{ [0, 1] | reject | list }}
{{ '<a>' | safe }}|{{ '<a>' | escape }}|{{ '<a>' | e }}|{{ 'a' | list }}|{{ 'x' | string }}|{{ 1.0 | string }}|{{ none | string }}|{{ yes | string }}
{% set x = 'out' %}{% if yes %}{% set x = 'in' %}{% endif %}{{ x }}|{% for i in [1] %}{% set x = 'loop' %}{% endfor %}{{ x }}
{% set y %}a{{ 1 }}{% endset %}{{ y }}|{% filter upper %}abc{% endfilter %}|{# gone #}|{%- if yes -%}  b  {%- endif -%}|
{% for i in [1, 2, 3, 4] %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% generation %}abc{% endgeneration %}
{{ raise_exception('no') }}
{{ missing.x }}
{{ missing['x'] }}
{{ missing() }}
{{ 'a' + 1 }}
{{ none + 'a' }}
{{ tool.x.y }}
{{ '<b>' | safe + '<i>' }}|{{ '<b>' + '<i>' | safe }}|{{ '<b>' | safe ~ '<i>' ~ 1 }}|{{ '<b>' | e ~ '&' }}|{{ ('<' | e) == '&lt;' }}
{{ with_none.a }}|{{ with_none.a is none }}|{{ with_none['a'] is none }}|{{ with_none.get('a', 'd') }}|{{ [none] | first }}|{{ missing | default(none) }}|{{ with_none.a | default('d') }}
{% macro hi(a='b') %}{{ a }}{% endmacro %}{{ hi(none) }}{{ hi() }}|{% for a in [none, none] %}{{ loop.nextitem is none }}{% endfor %}
{% macro outer() %}{{ caller() }}{{ caller('x') }}{% endmacro %}{% call(a='d') outer() %}<{{ a }}>{% endcall %}
{% for a in [1, 2] %}{% for b in [1, 2] %}{% if b == 2 %}{% break %}{% endif %}{{ a }}{{ b }} {% endfor %}{{ loop.cycle('x', 'y') }}{% endfor %}
{{ 'a' < 'b' }}|{{ 1 == 1.0 }}|{{ '1' == 1 }}|{{ [1] == [1] }}|{{ yes == 1 }}|{{ none == false }}
{{ names.append('e') }}|{{ names | length }}|{{ names.index('adam') }}
{{ tool.update({'name': 'v'}) }}|{{ tool.name }}
{{ 'a,b'.split(',') | map('upper') | list }}|{{ ' a '.strip().upper() }}|{{ 'a-b'.partition('-') }}|{{ 'ab'.isdigit() }}|{{ '12'.isdigit() }}|{{ ', '.join(names) }}
{{ 'Aa'.swapcase() }}|{{ 'a'.center(3) }}|{{ '7'.zfill(3) }}|{{ 'a b'.splitlines() }}|{{ 'abc'.removeprefix('a') }}|{{ 'abc'.removesuffix('c') }}|{{ 'a-b-c'.rsplit('-', 1) }}
"""
said = []
for text in [line.replace("\\\\n", "\\n") for line in texts.strip().split("\n")]:
    for one in [text] if "{%" in text else text.split("}}|"):
        one = one if one.endswith(("}}", "%}")) or "{%" in one else one + "}}"
        try:
            said.append({"template": one, "text": _compile_jinja_template(one).render(**json.loads(json.dumps(values)))})
        except Exception as error:
            said.append({"template": one, "refused": f"{type(error).__name__}: {error}"})
versions = {"transformers": transformers.__version__, "jinja2": jinja2.__version__}
out = Path(__file__).parent / "expressions.json"
out.write_text(json.dumps({"versions": versions, "values": values, "said": said}, ensure_ascii=False, indent=1) + "\n")
print(len(said), versions)
