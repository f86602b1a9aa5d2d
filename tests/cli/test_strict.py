"""Documents in which nothing can be are passed over; --strict reads them."""

from support import ToolTest, main, pod

SERVICE = 'apiVersion: v1\nkind: Service\n'
BROKEN = SERVICE + 'spec: [\n'


class StrictTest(ToolTest):
    """What is parsed, and what is said of it."""

    def test_broken(self):
        """What is passed over may be anything."""
        self.write('a.yaml', pod('nginx') + '---\n' + BROKEN)
        run = self.tool('list', 'a.yaml')
        self.assertEqual(run.last, 'imgrewrite: 1 image in 1 of 1 file')
        run = self.tool('list', '--strict', 'a.yaml', status=2)
        self.assertIn('a.yaml:13:1: error: ', run.err)

    def test_overlay(self):
        """An overlay is made of all resources."""
        self.write('a.yaml', BROKEN)
        run = self.tool('overlay', '--prefix=docker.io=r.example.com/hub',
                        '--app=web', '--out-dir=out', 'a.yaml', status=2)
        self.assertIn('a.yaml:4:1: error: ', run.err)

    def test_note(self):
        """With -v a line says how much was parsed, unless that is all."""
        text = pod('nginx')
        self.write('a.yaml', text + '---\n' + SERVICE)
        size = len(text) + 4 + len(SERVICE)
        note = (f'imgrewrite: note: {len(text)} of {size} bytes '
                f'({100 * len(text) / size:.1f} %) were parsed; no image can '
                'be in the others')
        for command in (['list'], ['rewrite', '--diff', '--prefix=a=b']):
            run = self.tool(*command, '-v', 'a.yaml')
            self.assertIn(note, run.err.splitlines())
            for more in (['-v', '--strict'], []):
                run = self.tool(*command, *more, 'a.yaml')
                self.assertNotIn('parsed', run.err)


if __name__ == '__main__':
    main()
